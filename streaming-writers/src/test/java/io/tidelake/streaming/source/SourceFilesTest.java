/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFilesTest {

  private static final LakeConfig CONFIG = LakeConfig.load(ProjectFile.find(), Map.of());

  @TempDir private Path folder;

  @Test
  void tellsTableTopicAndKey() throws IOException {
    write("source_coupon", "source_coupon", "${source.topic-prefix}.coupon");
    assertThat(read())
        .extracting(SourceFile::name, SourceFile::table, SourceFile::topic, SourceFile::keyColumns)
        .containsExactly(
            tuple("source_coupon", "coupon", "lake.logistics.coupon", List.of("coupon_id")));
  }

  @Test
  void refusesATableThatIsNotCalledAsItsFile() throws IOException {
    write("coupons", "source_coupon", "${source.topic-prefix}.coupon");
    assertInvalid("coupons.sql", "source_coupon", "another name");
  }

  @Test
  void refusesATopicOfNoTable() throws IOException {
    write("source_coupon", "source_coupon", "elsewhere.coupon");
    assertInvalid("source_coupon.sql", "elsewhere.coupon", "prefix");
  }

  @Test
  void refusesWhatIsNoSql() throws IOException {
    write("source_coupon", "source coupon", "${source.topic-prefix}.coupon");
    assertInvalid("source_coupon.sql", "not valid SQL");
  }

  private void write(String file, String table, String topic) throws IOException {
    Files.createDirectories(Folders.in(folder).sources());
    Files.writeString(
        Folders.in(folder).sources().resolve(file + ".sql"),
        """
        CREATE TEMPORARY TABLE %s (coupon_id INT) WITH (
          'connector' = 'change-log', 'topic' = '%s', 'key-columns' = 'coupon_id');
        """
            .formatted(table, topic));
  }

  private List<SourceFile> read() {
    return SourceFiles.read(CONFIG.withFolders(Folders.in(folder)));
  }

  private void assertInvalid(String... parts) {
    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.SOURCE_FILE_INVALID);
              assertThat(error.getMessage()).contains(parts);
            });
  }
}
