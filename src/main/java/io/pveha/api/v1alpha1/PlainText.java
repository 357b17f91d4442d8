package io.pveha.api.v1alpha1;

/**
 * Text of others as it may stand in a log, an Event or a status: on one line, without what a
 * terminal or a browser obeys, and not too long. Whoever names a guest, writes an annotation or
 * answers as Proxmox would otherwise write lines of our log.
 */
public final class PlainText {

  /** Longest message of a condition, or of a row in status. */
  public static final int LONGEST_MESSAGE = 8000;

  private static final String CUT = " ...";

  private PlainText() {}

  /**
   * The text on one line: white space and line breaks become one blank each run, and characters
   * that control something are written as {@code \u202e}.
   *
   * @param text null for none
   * @param longest how many characters it may have; it ends in {@code ...} when it had more
   */
  public static String of(String text, int longest) {
    if (text == null || isPlain(text, longest)) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    boolean blank = false;
    int at = 0;
    while (at < text.length() && plain.length() <= longest) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      boolean space = Character.isWhitespace(character) || Character.isSpaceChar(character);
      if (space && !blank) {
        plain.append(' ');
      } else if (!space && isObeyed(character)) {
        plain.append(escaped(character));
      } else if (!space) {
        plain.appendCodePoint(character);
      }
      blank = space;
    }
    return at < text.length() || plain.length() > longest ? cut(plain, longest) : plain.toString();
  }

  /** Most texts are, and are not looked through twice. */
  private static boolean isPlain(String text, int longest) {
    return text.length() <= longest && text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  /** Not in the middle of a character that takes two. */
  private static String cut(StringBuilder text, int longest) {
    int end = Math.max(0, Math.min(text.length(), longest - CUT.length()));
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + CUT;
  }

  /** Control characters, what turns the direction of writing, and what nobody sees. */
  private static boolean isObeyed(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE -> true;
      default -> false;
    };
  }

  private static String escaped(int character) {
    return character > 0xffff ? "\\U%08x".formatted(character) : "\\u%04x".formatted(character);
  }
}
