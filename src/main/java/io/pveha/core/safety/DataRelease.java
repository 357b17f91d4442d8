package io.pveha.core.safety;

/**
 * An owner's word that data which no guest needs, or which can't be seen, may be destroyed with
 * what it lies on. It is given for one object by that object's UID, so that a word that stays in a
 * manifest never counts for an object that is recreated from it.
 */
public final class DataRelease {

  private DataRelease() {}

  /**
   * Whether the word is given.
   *
   * @param word what the annotation says; null when there is none
   * @param uid of the object that it stands on
   */
  public static boolean isGiven(String word, String uid) {
    return Abandonment.isGiven(word, uid);
  }
}
