package io.pveha.simulator.api.web;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the requests of one connection, one after the other (RFC 9112). */
final class RequestReader {

  private static final int LONGEST_LINE = 64 << 10;
  private static final int LONGEST_BODY = 16 << 20;
  private static final byte[] GO_ON =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final InputStream in;
  private final OutputStream out;

  RequestReader(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** The next request; empty when the client closed the connection between two. */
  Optional<WebRequest> next() throws IOException {
    String start = line();
    if (start == null) {
      return Optional.empty();
    }
    while (start.isEmpty()) {
      // Left over from the body before, as some clients send it (RFC 9112, 2.2).
      start = line();
      if (start == null) {
        return Optional.empty();
      }
    }
    String[] words = start.split(" ");
    if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
      throw new BadRequest(400, "bad request");
    }
    Map<String, String> headers = headers();
    if (words[2].equals("HTTP/1.0")) {
      headers.putIfAbsent("connection", "close");
    }
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write(GO_ON);
      out.flush();
    }
    int question = words[1].indexOf('?');
    String path = question < 0 ? words[1] : words[1].substring(0, question);
    String query = question < 0 ? "" : words[1].substring(question + 1);
    return Optional.of(new WebRequest(words[0], path, query, headers, body(headers)));
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); line == null || !line.isEmpty(); line = line()) {
      if (line == null) {
        throw new EOFException();
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        headers.put(name, line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return chunks();
    }
    return exactly(length(headers.getOrDefault("content-length", "0"), 10));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line();
      if (size == null) {
        throw new EOFException();
      }
      int length = length(size.split(";")[0].strip(), 16);
      if (length == 0) {
        headers();
        return body.toByteArray();
      }
      body.writeBytes(exactly(length));
      line();
      if (body.size() > LONGEST_BODY) {
        throw BadRequest.tooLong();
      }
    }
  }

  private static int length(String text, int radix) throws BadRequest {
    try {
      return (int) Math.min(Long.parseLong(text, radix), Integer.MAX_VALUE);
    } catch (NumberFormatException none) {
      throw new BadRequest(400, "bad request");
    }
  }

  private byte[] exactly(int length) throws IOException {
    if (length < 0) {
      throw new BadRequest(400, "bad request");
    }
    if (length > LONGEST_BODY) {
      throw BadRequest.tooLong();
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    int next = in.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      if (line.size() > LONGEST_LINE) {
        throw new BadRequest(400, "line too long");
      }
      if (next != '\r') {
        line.write(next);
      }
      next = in.read();
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
