package io.tidelake.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.project.ProjectFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of the settings is that of the code. With -Dlake.docs=write it is written. */
class ConfigReferenceTest {

  @Test
  void thePageIsThatOfTheCode() throws Exception {
    Path page = ProjectFile.find().resolveSibling("docs/configuration.md");
    if ("write".equals(System.getProperty("lake.docs"))) {
      Files.writeString(page, ConfigReference.page());
    }
    assertThat(page)
        .as(
            "write it anew: ./mvnw test -pl lake-tables -am -Dtest=ConfigReferenceTest -Dlake.docs=write")
        .hasContent(ConfigReference.page());
  }
}
