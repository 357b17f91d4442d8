package io.pveha.operator.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** What a metric means, for who reads the scrape itself. */
final class Help {

  private static final Properties TEXTS = read();

  private Help() {}

  /** The help text of a metric by its name in Micrometer's way. */
  static String of(String name) {
    return TEXTS.getProperty(name, name);
  }

  private static Properties read() {
    Properties texts = new Properties();
    try (InputStream file = Help.class.getResourceAsStream("help.properties")) {
      texts.load(new InputStreamReader(file, StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return texts;
  }
}
