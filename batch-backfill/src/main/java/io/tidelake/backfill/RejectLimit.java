package io.tidelake.backfill;

import org.apache.flink.table.functions.ScalarFunction;

/** Counts rejected rows and fails the job when there are too many. */
public final class RejectLimit extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  private final int limit;
  private int count;

  /**
   * @param limit rejects that each parallel task lets pass; 0 for none
   */
  public RejectLimit(int limit) {
    this.limit = limit;
  }

  /** How the error of too many rejects begins; the reason of the last one follows. */
  static String tooMany(int limit) {
    return "More than " + limit + " rejected rows, the last: ";
  }

  /** Gives the reason back. */
  public String eval(String reason) {
    count++;
    if (count > limit) {
      throw new IllegalStateException(tooMany(limit) + reason);
    }
    return reason;
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }
}
