package io.pveha.core.safety;

/**
 * An owner's word that an object may go although its deletion policy was not carried out. It is
 * given for one object by that object's UID, so that a word that stays in a manifest never counts
 * for an object that is recreated from it.
 */
public final class Abandonment {

  private Abandonment() {}

  /**
   * Whether the word is given.
   *
   * @param word what the annotation says; null when there is none
   * @param uid of the object that it stands on
   */
  public static boolean isGiven(String word, String uid) {
    return word != null && uid != null && word.strip().equals(uid);
  }
}
