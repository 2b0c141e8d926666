/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.version;

import io.tidelake.merge.law.Version;

/**
 * SQL function {@code SNAPSHOT_VERSION(as_of[, attempt])}: the {@link Version} of a value from an
 * offline snapshot; the attempt, 0 to {@link Version#MAX_ATTEMPT}, orders runs over one as-of.
 */
public final class SnapshotVersion extends VersionOfTime {

  @Override
  long version(long asOfMicros, int attempt) {
    return Version.snapshot(asOfMicros, attempt);
  }
}
