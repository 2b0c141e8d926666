/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.state.JobFingerprint;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job is made of. */
class JobFingerprintsTest {

  /** Of its package it is the first, if no other test was faster. */
  @BeforeAll
  static void loadOurClassBeforePaimons() throws Exception {
    Class.forName("org.apache.paimon.table.PrimaryKeyTableUtils");
  }

  @Test
  void theSameJobIsMadeOfTheSame(@TempDir Path folder) {
    LakeConfig config = LakeConfig.load(ProjectFile.find(), Map.of()).withWarehouse(folder);
    JobFingerprint fingerprint = new JobFingerprints(config).of("facts");

    assertThat(fingerprint.parts().get("Paimon")).matches("\\d+\\.\\d+.*");
    assertThat(new JobFingerprints(config).of("facts").changesSince(fingerprint)).isEmpty();
  }

  @Test
  void whatIsNotKnownIsNoPart() {
    assertThatNullPointerException()
        .isThrownBy(() -> JobFingerprint.empty().with("Paimon", null))
        .withMessage("Paimon");
  }
}
