package io.tidelake;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.config.LakeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a reader of the source tree relies on. */
class SourceTreeTest {

  private static List<Path> sources;

  @BeforeAll
  static void findSources() throws IOException {
    try (Stream<Path> files = Files.walk(LakeHome.find().root(), 14)) {
      sources =
          files
              .filter(file -> file.toString().contains("/src/main/java/"))
              .filter(file -> file.toString().endsWith(".java"))
              .toList();
    }
    assertThat(sources).hasSizeGreaterThan(100);
  }

  @Test
  void everyPackageSaysWhatLivesThere() {
    assertThat(sources.stream().map(Path::getParent).collect(Collectors.toSet()))
        .allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).exists());
  }
}
