package io.tidelake;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.error.ErrorCode;
import io.tidelake.project.ProjectFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a reader of the source tree relies on. */
class SourceTreeTest {

  private static final int MOST_LINES = 400;

  /** In the Javadoc of a longer class, in front of the reason. */
  private static final String REASON = "Longer than " + MOST_LINES + " lines";

  private static List<Path> sources;

  @BeforeAll
  static void findSources() throws IOException {
    try (Stream<Path> files = Files.walk(ProjectFile.find().getParent(), 14)) {
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

  @Test
  void aLongClassSaysWhyItIsLong() {
    assertThat(sources)
        .filteredOn(file -> text(file).lines().count() > MOST_LINES)
        .allSatisfy(file -> assertThat(text(file)).contains(REASON));
  }

  @Test
  void everyErrorCodeIsUsed() {
    String all = sources.stream().map(SourceTreeTest::text).collect(Collectors.joining("\n"));
    Set<String> used =
        Pattern.compile("\\bErrorCode\\.([A-Z0-9_]+)\\b")
            .matcher(all)
            .results()
            .map(reference -> reference.group(1))
            .collect(Collectors.toSet());
    assertThat(ErrorCode.values())
        .allSatisfy(code -> assertThat(used).as(code.name()).contains(code.name()));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
