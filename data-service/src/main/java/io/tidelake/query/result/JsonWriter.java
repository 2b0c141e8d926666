/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.result;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.PrintWriter;
import java.time.temporal.Temporal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One array, with an object a line for each row. */
final class JsonWriter implements ResultWriter {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .addModule(
              new SimpleModule()
                  .addSerializer(Temporal.class, new ToStringSerializer(Temporal.class)))
          .build();

  private final PrintWriter out;
  private List<ResultColumn> columns;
  private boolean isFirst = true;

  JsonWriter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(List<ResultColumn> resultColumns) {
    columns = resultColumns;
    out.print("[");
  }

  @Override
  public void row(List<Object> values) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      row.put(columns.get(i).name(), values.get(i));
    }
    try {
      out.print((isFirst ? "\n" : ",\n") + JSON.writeValueAsString(row));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A row cannot be written as JSON: " + row, e);
    }
    isFirst = false;
  }

  @Override
  public void end() {
    out.println("\n]");
    out.flush();
  }
}
