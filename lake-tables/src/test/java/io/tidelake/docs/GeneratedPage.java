/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.project.ProjectFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of docs that is made from the code. With -Dlake.docs=write it is written. */
public final class GeneratedPage {

  private GeneratedPage() {}

  /**
   * Fails when a page is not that of the code.
   *
   * @param name of the file in docs
   * @param content what the code says
   * @param test the test that makes it
   */
  public static void check(String name, String content, Class<?> test) throws IOException {
    Path page = ProjectFile.find().resolveSibling("docs").resolve(name);
    if ("write".equals(System.getProperty("lake.docs"))) {
      Files.writeString(page, content);
    }
    assertThat(page)
        .as(
            "write it anew: ./mvnw verify -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false -DskipITs -Dlake.docs=write"
                .formatted(test.getSimpleName()))
        .hasContent(content);
  }
}
