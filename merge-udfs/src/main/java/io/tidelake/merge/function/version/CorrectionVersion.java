/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.version;

import io.tidelake.merge.law.Version;

/**
 * SQL function {@code CORRECTION_VERSION(as_of[, attempt])}: the {@link Version} of a correction of
 * everything up to the as-of; the attempt, 0 to {@link Version#MAX_ATTEMPT}, orders runs over it.
 */
public final class CorrectionVersion extends VersionOfTime {

  @Override
  long version(long asOfMicros, int attempt) {
    return Version.correction(asOfMicros, attempt);
  }
}
