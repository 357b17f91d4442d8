package io.pveha.core.placement;

/**
 * Ranks alternatives by their distance to the best and to the worst value of each criterion
 * (TOPSIS), all criteria to be kept small.
 *
 * <ol>
 *   <li>each criterion is scaled to a unit vector over the alternatives;
 *   <li>the ideal has the least, the anti-ideal the greatest value of each;
 *   <li>quality = distance to the anti-ideal / (distance to it + distance to the ideal).
 * </ol>
 */
final class Topsis {

  /** Average CPU, peak CPU, average memory, peak memory. */
  private static final double[] WEIGHTS = {1 / 18.0, 2 / 18.0, 5 / 18.0, 10 / 18.0};

  private Topsis() {}

  /** Quality per row of criteria, 0 to 1, greater is better; scales the rows in place. */
  static double[] quality(double[][] rows) {
    int criteria = WEIGHTS.length;
    double[] least = new double[criteria];
    double[] greatest = new double[criteria];
    for (int i = 0; i < criteria; i++) {
      double squares = 0;
      for (double[] row : rows) {
        squares += row[i] * row[i];
      }
      double length = Math.sqrt(squares);
      least[i] = Double.POSITIVE_INFINITY;
      greatest[i] = Double.NEGATIVE_INFINITY;
      for (double[] row : rows) {
        row[i] = length == 0 ? row[i] : row[i] / length;
        least[i] = Math.min(least[i], row[i]);
        greatest[i] = Math.max(greatest[i], row[i]);
      }
    }
    double[] quality = new double[rows.length];
    for (int k = 0; k < rows.length; k++) {
      double toIdeal = distance(rows[k], least);
      double toWorst = distance(rows[k], greatest);
      quality[k] = toIdeal + toWorst == 0 ? 0 : toWorst / (toWorst + toIdeal);
    }
    return quality;
  }

  private static double distance(double[] row, double[] point) {
    double squares = 0;
    for (int i = 0; i < WEIGHTS.length; i++) {
      double weighted = WEIGHTS[i] * (row[i] - point[i]);
      squares += weighted * weighted;
    }
    return Math.sqrt(squares);
  }
}
