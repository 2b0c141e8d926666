package io.tidelake.merge;

import java.time.Instant;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code CORRECTION_VERSION(as_of[, attempt])}: the {@link Version} of a correction of
 * all before an instant. NULL when the as-of is NULL, which leaves the column group alone.
 */
public final class CorrectionVersion extends ScalarFunction {

  /**
   * @param asOf the instant up to which the correction holds, precise to the microsecond, from 1970
   *     to 2199
   */
  public @DataTypeHint("BIGINT") Long eval(@DataTypeHint("TIMESTAMP_LTZ(6)") Instant asOf) {
    return eval(asOf, 0);
  }

  /**
   * @param asOf the instant up to which the correction holds, precise to the microsecond, from 1970
   *     to 2199
   * @param attempt which run over this as-of wrote the value, 0 to {@link Version#MAX_ATTEMPT};
   *     NULL counts as 0
   */
  public @DataTypeHint("BIGINT") Long eval(
      @DataTypeHint("TIMESTAMP_LTZ(6)") Instant asOf, Integer attempt) {
    return asOf == null
        ? null
        : Version.correction(Version.toMicros(asOf), attempt == null ? 0 : attempt);
  }
}
