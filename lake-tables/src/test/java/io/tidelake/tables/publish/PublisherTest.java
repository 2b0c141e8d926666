package io.tidelake.tables.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.table.FileStoreTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Paimon tables, published and read back with Iceberg's own Java reader. */
class PublisherTest {

  private static final String TABLE = "dwd_parcel";

  @TempDir private Path folder;
  private PublishedLake lake;

  @BeforeEach
  void open() throws Exception {
    lake = new PublishedLake(folder);
  }

  @AfterEach
  void close() throws Exception {
    lake.close();
  }

  @Test
  void showsEveryType() throws Exception {
    FileStoreTable table =
        lake.create(
            TABLE,
            PublishedLake.everyType().primaryKey("dt", "id").partitionKeys("dt"),
            Map.of("bucket", "1", "merge-engine", "deduplicate", "sequence.field", "version"));
    List<GenericRow> rows = new ArrayList<>();
    for (long id = 0; id < 20; id++) {
      rows.add(PublishedLake.row(table, everyValue("2026-06-1" + id % 3, id, id)));
    }
    rows.add(PublishedLake.row(table, Map.of("dt", "2026-06-10", "id", 100L)));
    lake.write(table, rows);
    lake.compact(table, false);
    lake.write(table, List.of(PublishedLake.row(table, everyValue("2026-06-10", 3, 77))));
    lake.compact(table, false);

    lake.publish();

    assertThat(lake.icebergRows(TABLE)).isEqualTo(lake.paimonRows(TABLE)).hasSize(21);
  }

  private static Map<String, Object> everyValue(String dt, long id, long version) {
    Map<String, Object> values = new HashMap<>();
    values.put("dt", dt);
    values.put("id", id);
    values.put("version", version);
    values.put("name", "Straße " + id + " 😀");
    values.put("amount", new BigDecimal(id + ".25"));
    values.put("great", new BigDecimal("123456789012345678901234567." + (100 + id)));
    values.put("seen_at", Instant.parse("2026-06-18T09:12:33.123456Z").plusSeconds(id));
    values.put("local_at", LocalDateTime.parse("2026-06-18T09:12:33.123").plusDays(id));
    values.put("exact_at", LocalDateTime.parse("2026-06-18T09:12:33.123456"));
    values.put("day", LocalDate.parse("2026-06-18").plusDays(id));
    values.put("flag", id % 2 == 0);
    values.put("ratio", id / 3.0);
    values.put("share", id / 7.0f);
    values.put("tiny", (byte) id);
    values.put("small", (short) (id * 100));
    values.put("number", (int) id * 1000);
    values.put("raw", new byte[] {1, (byte) id});
    values.put("counts", Map.of("a", id, "b", 2L));
    values.put("words", List.of("x" + id, "y"));
    return values;
  }
}
