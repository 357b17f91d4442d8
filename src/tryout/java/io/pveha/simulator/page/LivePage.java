package io.pveha.simulator.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** One file of HTML, without anything from elsewhere; it asks the administration that serves it. */
public final class LivePage {

  private LivePage() {}

  /** The page. */
  public static String html() {
    try (InputStream in =
        LivePage.class.getResourceAsStream("/io/pveha/simulator/page/live.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
