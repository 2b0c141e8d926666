/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.option;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.tidelake.secret.Secrets;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Instant;
import picocli.CommandLine.Option;

/** The option {@code -o} of every command that prints a result. */
public final class OutputOption {

  /** For whom a result is printed. */
  enum Format {
    text,
    json
  }

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      description = "text for people, json for machines (${DEFAULT-VALUE}).")
  private Format format;

  public boolean isJson() {
    return format == Format.json;
  }

  /** Prints a result for machines, in one line and without secrets. */
  public static void printJson(PrintWriter out, Object result) throws IOException {
    out.println(json(result));
  }

  /** The same for a command that writes to the process's output itself. */
  public static void printJson(PrintStream out, Object result) throws IOException {
    out.println(json(result));
  }

  private static String json(Object result) throws IOException {
    return Secrets.mask(Json.MAPPER.writeValueAsString(result));
  }

  /** Made when it is needed: 400 classes, of which most commands use none. */
  private static final class Json {
    static final ObjectMapper MAPPER =
        JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .addModule(new Jdk8Module())
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .build();
  }
}
