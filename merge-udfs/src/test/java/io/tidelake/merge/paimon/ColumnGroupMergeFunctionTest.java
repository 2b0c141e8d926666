/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.paimon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.paimon.KeyValue;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.mergetree.compact.MergeFunction;
import org.apache.paimon.mergetree.compact.MergeFunctionFactory;
import org.apache.paimon.mergetree.compact.PartialUpdateMergeFunction;
import org.apache.paimon.options.Options;
import org.apache.paimon.schema.TableSchema;
import org.apache.paimon.table.PrimaryKeyTableUtils;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DataTypes;
import org.apache.paimon.types.RowKind;
import org.apache.paimon.types.RowType;
import org.apache.paimon.utils.InternalRowUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnGroupMergeFunctionTest {

  private static final List<String> KEY = List.of("id");
  private static final RowType KEY_TYPE = RowType.of(DataTypes.BIGINT());

  private static final Map<String, String> GROUPS =
      Map.of(
          "merge-engine", "partial-update",
          "fields.size_version.sequence-group", "size,unit",
          "fields.name_version.sequence-group", "name",
          "fields.mark_version.sequence-group", "mark");

  /**
   * Versions before, between and after the columns of their groups, and columns without a group.
   */
  private static final List<DataField> COLUMNS =
      columns(
          Map.of("id", DataTypes.BIGINT().notNull(), "note", DataTypes.STRING()),
          "id",
          "size_version",
          "size",
          "name",
          "note",
          "name_version",
          "mark",
          "mark_version",
          "unit");

  private static List<DataField> columns(Map<String, DataType> types, String... names) {
    return IntStream.range(0, names.length)
        .mapToObj(i -> new DataField(i, names[i], types.getOrDefault(names[i], DataTypes.BIGINT())))
        .toList();
  }

  @Property(seed = "20260617", tries = 5_000)
  void mergesAsPaimonDoes(@ForAll Random random) {
    TableSchema schema = schema(COLUMNS, GROUPS);
    RowType readType = anyColumns(random);
    MergeFunctionFactory<KeyValue> paimons = paimons(schema);
    MergeFunctionFactory<KeyValue> ours = ColumnGroupMergeFunction.insteadOf(paimons, schema);
    assertThat(ours).isNotSameAs(paimons);
    RowType adjusted = paimons.adjustReadType(readType);
    assertThat(ours.adjustReadType(readType)).isEqualTo(adjusted);

    boolean wholeRows = random.nextInt(3) == 0;
    RowType type = wholeRows ? schema.logicalRowType() : adjusted;
    MergeFunction<KeyValue> expected = paimons.create(wholeRows ? null : adjusted);
    MergeFunction<KeyValue> actual = ours.create(wholeRows ? null : adjusted);
    assertThat(actual.requireCopy()).isEqualTo(expected.requireCopy());
    for (int key = 0; key < 3; key++) {
      List<KeyValue> records = records(type, key, random);
      assertThat(merge(actual, records, type))
          .as(
              "%s of %s",
              records.stream().map(record -> record.toString(KEY_TYPE, type)).toList(), type)
          .isEqualTo(merge(expected, records, type));
    }
  }

  /** Some columns in some order. */
  private static RowType anyColumns(Random random) {
    List<DataField> fields = new ArrayList<>(COLUMNS);
    Collections.shuffle(fields, random);
    return new RowType(fields.subList(0, 1 + random.nextInt(fields.size())));
  }

  private static List<KeyValue> records(RowType type, long key, Random random) {
    return IntStream.range(0, 1 + random.nextInt(6))
        .mapToObj(
            sequence ->
                new KeyValue()
                    .replace(
                        GenericRow.of(key),
                        sequence,
                        random.nextInt(4) == 0
                            ? RowKind.values()[random.nextInt(4)]
                            : RowKind.INSERT,
                        row(type, key, random)))
        .toList();
  }

  private static InternalRow row(RowType type, long key, Random random) {
    GenericRow row = new GenericRow(type.getFieldCount());
    for (int i = 0; i < type.getFieldCount(); i++) {
      String name = type.getFieldNames().get(i);
      if (name.equals("id")) {
        row.setField(i, key);
      } else if (random.nextInt(4) > 0) {
        int value = random.nextInt(4);
        row.setField(
            i,
            name.equals("note") ? BinaryString.fromString("note " + value) : (Object) (long) value);
      }
    }
    return row;
  }

  /** The merged row with its kind and sequence, as text. */
  private static String merge(
      MergeFunction<KeyValue> function, List<KeyValue> records, RowType type) {
    function.reset();
    records.forEach(function::add);
    KeyValue result = function.getResult();
    List<Object> fields = new ArrayList<>();
    for (InternalRow.FieldGetter getter :
        InternalRowUtils.createFieldGetters(type.getFieldTypes())) {
      fields.add(getter.getFieldOrNull(result.value()));
    }
    return "%s %d %d %s"
        .formatted(result.valueKind(), result.key().getLong(0), result.sequenceNumber(), fields);
  }

  @Test
  void paimonChoosesIt() {
    TableSchema schema = schema(COLUMNS, GROUPS);
    assertThat(PrimaryKeyTableUtils.createMergeFunctionFactory(schema).create())
        .isInstanceOf(ColumnGroupMergeFunction.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          merge-engine                                    | deduplicate
          merge-engine                                    | aggregation
          fields.name_version,mark_version.sequence-group | name
          fields.note.sequence-group                      | name
          fields.mark_version.sequence-group              | name,mark_version
          fields.name.aggregate-function                  | max
          fields.default-aggregate-function               | last_non_null_value
          ignore-delete                                   | true
          partial-update.ignore-delete                    | true
          partial-update.remove-record-on-sequence-group  | name_version
          """)
  void paimonsOwnMergesWhatTheLawDoesNotKnow(String option, String value) {
    Map<String, String> options = new HashMap<>(GROUPS);
    if (option.endsWith(".sequence-group")) {
      options.keySet().removeIf(group -> group.matches("fields.(name|mark).*"));
    }
    options.put(option, value);
    assertThat(PrimaryKeyTableUtils.createMergeFunctionFactory(schema(COLUMNS, options)).create())
        .isNotInstanceOf(ColumnGroupMergeFunction.class);
  }

  private static MergeFunctionFactory<KeyValue> paimons(TableSchema schema) {
    return PartialUpdateMergeFunction.factory(
        Options.fromMap(schema.options()), schema.logicalRowType(), KEY);
  }

  private static TableSchema schema(List<DataField> columns, Map<String, String> options) {
    return new TableSchema(0, columns, columns.size(), List.of(), KEY, options, "");
  }
}
