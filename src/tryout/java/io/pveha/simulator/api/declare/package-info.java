/**
 * What each simulated call takes, who may make it, and where it runs: read from the {@code .calls}
 * files beside this package's parent, one per family. Nothing here knows the world or HTTP.
 *
 * <p>The files are lines of words. {@code METHOD /path} begins a call; {@code forwarded}, {@code
 * no-token} and {@code needs RULE} describe it; {@code - name TYPE} declares a parameter, {@code
 * name?} an optional one; {@code + group} takes in a {@code group}. {@code @8} or {@code @9} before
 * a line keeps it to that release. TYPE is string, integer, number, boolean, alternatives joined by
 * bars, the name of a text format, {@code integer:FORMAT}, or {@code $name} of a {@code format}
 * section (a property string, whose key marked by a star may go without its name). {@code MIN..MAX}
 * bounds a number, {@code len MIN..MAX} a text, {@code requires OTHER} asks for another parameter,
 * {@code ~ REGEX} ends the line.
 */
package io.pveha.simulator.api.declare;
