/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.TextFile;
import io.tidelake.secret.SecretReferences;
import io.tidelake.secret.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads a configuration: YAML, values set over it, secrets, defaults, types and bounds. An error
 * names file, line and path of the value.
 */
final class ConfigReader {

  /** Parameters of their commands stand in the same braces, and are no secrets. */
  private static final String SCHEDULES = "schedules";

  private static final PropertyNamingStrategies.NamingBase NAMES =
      (PropertyNamingStrategies.NamingBase) PropertyNamingStrategies.KEBAB_CASE;

  private static final ObjectMapper YAML =
      JsonMapper.builder(new YAMLFactory())
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .addModule(
              new SimpleModule()
                  .addDeserializer(
                      Duration.class, new TextReader<>(Duration.class, Durations::parse))
                  .addDeserializer(ZoneId.class, new TextReader<>(ZoneId.class, ZoneId::of)))
          .build();

  private final Path file;
  private final Map<String, String> overrides;
  private final Path folder;
  private final ObjectMapper mapper;

  ConfigReader(Path file, Map<String, String> overrides) {
    this.file = file;
    this.overrides = overrides;
    this.folder = file.toAbsolutePath().normalize().getParent();
    this.mapper =
        YAML.copy()
            .registerModule(
                new SimpleModule("paths")
                    .addDeserializer(
                        Path.class,
                        new TextReader<>(Path.class, path -> folder.resolve(path).normalize())));
  }

  LakeConfig read() {
    try {
      if (!(YAML.readTree(TextFile.read(file)) instanceof ObjectNode own)) {
        throw invalid("", "it holds no names and values", null);
      }
      ObjectNode tree = overDefaults(own);
      overrides.forEach((path, value) -> set(tree, path, value));
      resolve(new SecretReferences(folder), "", tree);
      Folders.ELSEWHERE.forEach(path -> placeInProject(tree, path));
      complete("", tree, LakeConfig.class);
      LakeConfig config = mapper.treeToValue(tree, LakeConfig.class);
      check("", config);
      return config;
    } catch (JsonMappingException e) {
      String path =
          e.getPath().stream()
              .map(
                  reference ->
                      reference.getFieldName() == null
                          ? String.valueOf(reference.getIndex())
                          : reference.getFieldName())
              .collect(Collectors.joining("/"));
      throw invalid(path, reason(path, e), e);
    } catch (JsonProcessingException e) {
      // Its message, and that of its cause, quote the file, in which a secret may stand.
      throw invalid(
          "",
          e.getOriginalMessage()
              .lines()
              .filter(line -> !line.startsWith("    "))
              .collect(Collectors.joining("\n")),
          null);
    } catch (IOException e) {
      throw new LakeException(
          ErrorCode.CONFIG_UNREADABLE,
          "Cannot read the configuration " + file + ": " + e.getMessage(),
          "Name a project with --project: a folder with a lake.yaml, or such a file.",
          e);
    }
  }

  private static String reason(String path, JsonMappingException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "'%s' is no setting; here are %s"
          .formatted(
              path,
              unknown.getKnownPropertyIds().stream()
                  .map(String::valueOf)
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    if (e instanceof InvalidFormatException wrong) {
      return "'%s' is '%s'; it must be %s"
          .formatted(path, wrong.getValue(), kind(wrong.getTargetType()));
    }
    return "at %s: %s".formatted(path, e.getOriginalMessage());
  }

  /** What a value of a type is called. */
  static String kind(Class<?> type) {
    if (type == Duration.class) {
      return "a duration, as 500 ms, 10 s, 5 min, 6 h or 7 d";
    }
    if (type == Path.class) {
      return "a path";
    }
    if (type == ZoneId.class) {
      return "a time zone, as Asia/Shanghai or UTC";
    }
    if (type == int.class || type == Integer.class) {
      return "a whole number";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(String::valueOf)
          .collect(Collectors.joining(" or "));
    }
    return type == String.class ? "a text" : "a " + type.getSimpleName();
  }

  /** The name of a setting in the file. */
  static String name(RecordComponent component) {
    return NAMES.translate(component.getName());
  }

  /** The record in which a setting's values are described; NULL when they are plain values. */
  static Class<?> section(RecordComponent component) {
    if (component.getType().isRecord()) {
      return component.getType();
    }
    if (component.getGenericType() instanceof ParameterizedType map
        && map.getActualTypeArguments()[map.getActualTypeArguments().length - 1]
            instanceof Class<?> values
        && values.isRecord()) {
      return values;
    }
    return null;
  }

  /** What every project has, and over it what the file says. */
  private static ObjectNode overDefaults(ObjectNode tree) throws IOException {
    try (InputStream defaults = ConfigReader.class.getResourceAsStream("defaults.yaml")) {
      return YAML.readerForUpdating(YAML.readTree(defaults)).readValue(tree);
    }
  }

  /** The same folder wherever the command is typed. */
  private void placeInProject(ObjectNode tree, String path) {
    if (tree.at("/" + path) instanceof TextNode text) {
      set(tree, path, Folders.placed(folder, text.asText()));
    }
  }

  /** Puts the defaults in the places of what the file does not have. */
  private void complete(String path, ObjectNode values, Class<?> section)
      throws JsonProcessingException {
    for (RecordComponent component : section.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      String name = name(component);
      String at = path + name;
      if (setting == null) {
        if (values.has(name)) {
          throw invalid(at, "'" + at + "' is no setting", null);
        }
        // Where the file itself lies.
        values.put(name, ".");
        continue;
      }
      if (!values.hasNonNull(name)) {
        values.remove(name);
        if (setting.required()) {
          throw invalid(path, "'" + at + "' is missing", null);
        }
        if (!setting.fallback().isEmpty()) {
          values.set(name, YAML.readTree(setting.fallback()));
        } else if (component.getType().isRecord()
            && component.getType() != SourceConfig.Database.class) {
          values.putObject(name);
        }
      }
      Class<?> inner = section(component);
      if (inner == null || !(values.get(name) instanceof ObjectNode node)) {
        continue;
      }
      if (component.getType().isRecord()) {
        complete(at + "/", node, inner);
      } else {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
          if (entry.getValue() instanceof ObjectNode each) {
            complete(at + "/" + entry.getKey() + "/", each, inner);
          }
        }
      }
    }
  }

  /** Refuses values out of their bounds. */
  private void check(String path, Object section) {
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      String at = path + name(component);
      Object value = value(component, section);
      if (value instanceof Record inner) {
        check(at + "/", inner);
      } else if (value instanceof Map<?, ?> map && section(component) != null) {
        map.forEach(
            (key, each) -> {
              if (each != null) {
                check(at + "/" + key + "/", each);
              }
            });
      } else if (value != null && component.isAnnotationPresent(Setting.class)) {
        check(at, component.getAnnotation(Setting.class), value);
      }
    }
  }

  private void check(String at, Setting setting, Object value) {
    boolean tooSmall = !setting.min().isEmpty() && compare(value, setting.min()) < 0;
    boolean tooLarge = !setting.max().isEmpty() && compare(value, setting.max()) > 0;
    if (tooSmall || tooLarge) {
      throw invalid(
          at,
          "'%s' is %s; it must be %s"
              .formatted(
                  at,
                  value instanceof Duration duration ? Durations.format(duration) : value,
                  bounds(setting)),
          null);
    }
  }

  /** In words, as {@code 1 to 64}; empty when there are none. */
  static String bounds(Setting setting) {
    if (setting.min().isEmpty()) {
      return setting.max().isEmpty() ? "" : "at most " + setting.max();
    }
    return setting.max().isEmpty()
        ? setting.min() + " or more"
        : setting.min() + " to " + setting.max();
  }

  private static int compare(Object value, String bound) {
    return value instanceof Duration duration
        ? duration.compareTo(Durations.parse(bound))
        : Double.compare(((Number) value).doubleValue(), Double.parseDouble(bound));
  }

  private static Object value(RecordComponent component, Object section) {
    try {
      return component.getAccessor().invoke(section);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read " + component, e);
    }
  }

  /** Puts secrets in the places of their references, and learns which values are secrets. */
  private void resolve(SecretReferences references, String path, ObjectNode values) {
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      String at = path.isEmpty() ? value.getKey() : path + "/" + value.getKey();
      if (value.getValue() instanceof ObjectNode inner && !at.equals(SCHEDULES)) {
        resolve(references, at, inner);
      } else if (value.getValue() instanceof TextNode text) {
        value.setValue(TextNode.valueOf(resolve(references, at, text.asText())));
        if (Secrets.isSensitive(value.getKey())) {
          Secrets.remember(value.getValue().asText());
        }
      }
    }
  }

  private String resolve(SecretReferences references, String path, String value) {
    try {
      return references.resolve(value);
    } catch (IllegalArgumentException e) {
      throw new LakeException(
          ErrorCode.CONFIG_INVALID,
          "Cannot read the secret at " + path + " of " + file + ": " + e.getMessage() + ".",
          "${env:NAME} is the environment variable NAME, ${file:PATH} a file, beside lake.yaml"
              + " when the path is relative, that only its owner can read (chmod 600).",
          e);
    }
  }

  private LakeException invalid(String path, String reason, Exception cause) {
    return new LakeException(
        ErrorCode.CONFIG_INVALID,
        "Cannot understand %s%s: %s.".formatted(file, place(path), reason),
        "docs/configuration.md lists all settings with their types and ranges.",
        cause);
  }

  /** Where the file, or the command, has a value. */
  private String place(String path) {
    if (overrides.keySet().stream()
        .anyMatch(set -> path.equals(set) || path.startsWith(set + "/"))) {
      return " (given with --set)";
    }
    Integer line = lines().get(path);
    return line == null ? "" : ", line " + line;
  }

  /** The line of each name in the file, by its path; none when it cannot be read. */
  private Map<String, Integer> lines() {
    Map<String, Integer> lines = new HashMap<>();
    try (JsonParser parser = YAML.createParser(file.toFile())) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          String path = parser.getParsingContext().pathAsPointer().toString().substring(1);
          lines.put(path, parser.currentTokenLocation().getLineNr());
        }
      }
    } catch (IOException e) {
      // The message is without a line then.
    }
    return lines;
  }

  private static void set(ObjectNode tree, String path, String value) {
    String[] names = path.split("/");
    ObjectNode node = tree;
    for (int i = 0; i < names.length - 1; i++) {
      node = node.get(names[i]) instanceof ObjectNode child ? child : node.putObject(names[i]);
    }
    node.put(names[names.length - 1], value);
  }

  /** Reads the values of a type from their text. */
  private static final class TextReader<T> extends StdDeserializer<T> {

    private static final long serialVersionUID = 1;

    private final transient Function<String, T> parser;

    private TextReader(Class<T> type, Function<String, T> parser) {
      super(type);
      this.parser = parser;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
      String text = json.getText();
      try {
        return parser.apply(text);
      } catch (IllegalArgumentException | DateTimeException e) {
        throw InvalidFormatException.from(json, e.getMessage(), text, handledType());
      }
    }
  }
}
