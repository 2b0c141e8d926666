package io.tidelake.tables.mergelaw;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeHome;
import io.tidelake.tables.TableDefinition;
import io.tidelake.tables.TableFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Promise 1: any arrival order, repeats, commit sizes and compaction moments give the same table,
 * the one that the merge law says. Real Paimon tables with the options of the project, written by
 * two writers and compacted beside them. {@code -Dseed=N} repeats a run.
 */
class ConvergenceTest {

  private static final String ORDERS =
      """
      CREATE TABLE dwd_order (
        order_id INT NOT NULL,
        amount INT,
        buyer STRING,
        order_version BIGINT,
        carrier STRING,
        parcel_version BIGINT,
        is_deleted BOOLEAN,
        is_deleted_version BIGINT,
        PRIMARY KEY (order_id) NOT ENFORCED
      ) WITH (
        'bucket' = '2',
        'merge-engine' = 'partial-update',
        'fields.order_version.sequence-group' = 'amount,buyer',
        'fields.parcel_version.sequence-group' = 'carrier',
        'fields.is_deleted_version.sequence-group' = 'is_deleted',
        'snapshot.num-retained.min' = '1000'
      );
      """;

  /** Indexes of the version columns behind the key, last first. */
  private static final int[] VERSIONS = {6, 4, 2};

  /** How a table keeps and hands on its rows. */
  enum Mode {
    MERGE_ON_READ(Map.of("deletion-vectors.enabled", "false")),
    LOOKUP_CHANGELOG(Map.of("deletion-vectors.enabled", "false", "changelog-producer", "lookup")),
    DELETION_VECTORS(Map.of("deletion-vectors.enabled", "true", "changelog-producer", "lookup"));

    private final Map<String, String> options;

    Mode(Map<String, String> options) {
      this.options = options;
    }

    boolean hasChangelog() {
      return options.containsKey("changelog-producer");
    }
  }

  @TempDir private Path folder;
  private LakeCatalog catalog;
  private TableDefinition orders;

  @BeforeEach
  void open() throws Exception {
    LakeHome home = LakeHome.find();
    LakeConfig config = LakeConfig.load(home.config(), Map.of()).withWarehouse(folder.resolve("w"));
    catalog = LakeCatalog.open(config);
    Path file = Files.createDirectories(folder.resolve("tables/dwd")).resolve("dwd_order.sql");
    Files.writeString(file, ORDERS);
    orders = new TableFiles(folder.resolve("tables"), config.tableOptions()).read().get(0);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyArrivalOrderGivesTheTableThatTheLawSays(Mode mode) throws Exception {
    converge(mode, 200, 2, 4, 16);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  void aHundredThousandOrdersConverge(Mode mode) throws Exception {
    converge(mode, 1, 2, 100_000, 40_000);
  }

  /**
   * @param histories how many histories
   * @param arrivals in how many orders each arrives
   * @param keys how many orders a history has
   * @param commitRows most rows of one commit
   */
  private void converge(Mode mode, int histories, int arrivals, int keys, int commitRows)
      throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("ConvergenceTest " + mode + " -Dseed=" + seed);
    for (int number = 0; number < histories; number++) {
      Random random = new Random(seed + number);
      History history = new History(random, keys);
      for (int arrival = 0; arrival < arrivals; arrival++) {
        try (TestTable table = create(mode, "dwd_order_" + number + "_" + arrival)) {
          writeAndCompact(table, history.arrivals(random), commitRows, random);
          String what = "%s -Dseed=%d, history %d".formatted(mode, seed, number);
          assertThat(withoutVersions(table.rows())).as(what).isEqualTo(history.expected());
          if (mode.hasChangelog()) {
            assertThat(withoutVersions(table.rowsOfChanges()))
                .as("changes of " + what)
                .isEqualTo(history.expected());
          }
        }
      }
    }
  }

  private static void writeAndCompact(
      TestTable table, List<Object[]> rows, int commitRows, Random random) throws Exception {
    int next = 0;
    while (next < rows.size()) {
      int end = Math.min(rows.size(), next + 1 + random.nextInt(commitRows));
      table.write(random.nextInt(2), rows.subList(next, end));
      next = end;
      switch (random.nextInt(6)) {
        case 0 -> table.compactFully();
        case 1, 2 -> table.compact();
        default -> {
          // The writers are ahead of the compaction.
        }
      }
    }
    table.compact();
  }

  private TestTable create(Mode mode, String name) {
    Map<String, String> options = new HashMap<>(orders.options());
    options.putAll(mode.options);
    return TestTable.create(
        catalog,
        new TableDefinition(
            name,
            orders.comment(),
            orders.columns(),
            orders.primaryKey(),
            orders.partitionKeys(),
            options),
        folder.resolve("spill"));
  }

  private static Map<Object, List<Object>> withoutVersions(Map<Object, List<Object>> rows) {
    Map<Object, List<Object>> clean = new TreeMap<>();
    rows.forEach(
        (key, values) -> {
          List<Object> columns = new ArrayList<>(values);
          for (int version : VERSIONS) {
            columns.remove(version);
          }
          clean.put(key, columns);
        });
    return clean;
  }
}
