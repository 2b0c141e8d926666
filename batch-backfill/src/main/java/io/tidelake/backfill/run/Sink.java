/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.run;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.config.LakeConfig;
import org.apache.paimon.table.FileStoreTable;

/**
 * Where a task writes: the lake, or a scratch lake for a dry run.
 *
 * @param config of that lake
 * @param table the target in that lake
 * @param records of that lake, for what is rejected
 * @param limits how much may be written
 */
record Sink(
    LakeConfig config, FileStoreTable table, BackfillRecords records, BackfillLimits limits) {}
