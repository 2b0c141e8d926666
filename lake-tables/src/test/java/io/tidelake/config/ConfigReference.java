/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes docs/configuration.md from the descriptions of the settings. */
final class ConfigReference {

  private static final String HEAD =
      """
      # Configuration

      Every setting of `lake.yaml`. `--set path/to/setting=value` sets one for a command. A secret is referred to:
      `${env:NAME}` is an environment variable, `${file:PATH}` a file that only its owner can read. A duration is a number and a
      unit, as 500 ms, 10 s, 5 min, 6 h, 7 d. `ConfigReferenceTest` makes this page from the code.

      | setting | type | default | range | what it is |
      |---|---|---|---|---|
      """;

  private ConfigReference() {}

  /** The page, in Markdown. */
  static String page() {
    StringBuilder page = new StringBuilder(HEAD);
    append("", LakeConfig.class, page);
    page.append("\n## Options that every project has\n\n```yaml\n")
        .append(defaults())
        .append("```\n");
    return page.toString();
  }

  private static String defaults() {
    try (InputStream defaults = ConfigReader.class.getResourceAsStream("defaults.yaml")) {
      return new String(defaults.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void append(String path, Class<?> section, StringBuilder page) {
    for (RecordComponent component : section.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      if (setting == null) {
        continue;
      }
      String at = path + ConfigReader.name(component);
      Class<?> inner = ConfigReader.section(component);
      page.append(
          "| `%s` | %s | %s | %s | %s%s |\n"
              .formatted(
                  at,
                  type(component, inner),
                  setting.required() ? "required" : code(setting.fallback()),
                  ConfigReader.bounds(setting),
                  setting.value().replace("|", "\\|"),
                  setting.example().isEmpty() ? "" : " Example: " + code(setting.example())));
      if (inner != null) {
        append(at + (component.getType() == Map.class ? "/NAME/" : "/"), inner, page);
      }
    }
  }

  private static String type(RecordComponent component, Class<?> inner) {
    if (component.getType() == Map.class) {
      return inner == null ? "names with values" : "by name";
    }
    if (inner != null) {
      return "section";
    }
    return switch (component.getType().getSimpleName()) {
      case "List" -> "list";
      case "String" -> "text";
      case "Duration" -> "duration";
      case "ZoneId" -> "time zone";
      default -> ConfigReader.kind(component.getType()).replaceFirst("^an? ", "");
    };
  }

  private static String code(String value) {
    return value.isEmpty() ? "" : "`" + value.replace("|", "\\|") + "`";
  }
}
