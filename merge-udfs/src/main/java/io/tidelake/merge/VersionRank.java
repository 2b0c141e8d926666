package io.tidelake.merge;

import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code VERSION_RANK(version)}: the {@link Version#rank} of a version, an INT from 0
 * to {@value Version#MAX_RANK}, which orders records that tell of one event. NULL for NULL.
 */
public final class VersionRank extends ScalarFunction {

  /**
   * @param version any version column
   */
  public Integer eval(Long version) {
    return version == null ? null : Integer.valueOf(Version.rank(version));
  }
}
