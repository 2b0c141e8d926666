package io.tidelake.demo;

import java.util.List;

/**
 * How a table compares with what it should hold.
 *
 * @param table the table
 * @param against what it was compared with
 * @param rows how many rows it should hold
 * @param different how many rows are missing, too many, or differ
 * @param samples some of the differences, readable
 */
public record Comparison(
    String table, String against, long rows, long different, List<String> samples) {

  /** True when nothing differs. */
  public boolean agrees() {
    return different == 0;
  }
}
