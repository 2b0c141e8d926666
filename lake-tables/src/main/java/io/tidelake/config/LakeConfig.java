package io.tidelake.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.soabase.recordbuilder.core.RecordBuilder;
import io.tidelake.error.LakeException;
import io.tidelake.secret.SecretReferences;
import io.tidelake.secret.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The configuration of {@code conf/lake.yaml}; the comments of that file describe each value. As a
 * text it hides secrets.
 *
 * @param catalog options of Paimon's catalog
 * @param database the Paimon database of all layers
 * @param timeZone the business time zone: what a day is, and when a schedule's hour comes; UTC by
 *     default
 * @param openDays a day is open while it is at most so many days before today, in the business time
 *     zone; see {@code OpenDays}
 * @param tableOptions options of every table, unless its file says otherwise
 * @param source where change events come from
 * @param cluster where streaming jobs run
 * @param flink options of every Flink job
 * @param jobs the streaming jobs by name
 * @param repairs pipelines that {@code lake stream repair} runs in batch beside the streams
 * @param backfill how much backfills may take
 * @param maintain how small tables are kept
 * @param schedules the commands that the scheduler runs, by name
 * @param hive the Hive Metastore of an offline warehouse
 * @param publisher how the tables are shown to Iceberg readers
 * @param trino where queries are asked
 */
@RecordBuilder
public record LakeConfig(
    Map<String, String> catalog,
    String database,
    String timeZone,
    int openDays,
    Map<String, String> tableOptions,
    Source source,
    Cluster cluster,
    Map<String, String> flink,
    Map<String, Job> jobs,
    List<String> repairs,
    Backfill backfill,
    Maintain maintain,
    Map<String, Schedule> schedules,
    Hive hive,
    Publisher publisher,
    Trino trino)
    implements LakeConfigBuilder.With {

  /**
   * Where change events come from.
   *
   * @param bootstrapServers Kafka's {@code host:port} list
   * @param topicPrefix topics are named {@code <topic-prefix>.<source table>}
   * @param timeZone in which the source writes times that name no zone; UTC by default
   * @param database the source database itself; NULL when it is not configured
   * @param connector address of change capture in Kafka Connect, as {@code
   *     http://host:8083/connectors/NAME}; NULL when it is not configured
   */
  public record Source(
      String bootstrapServers,
      String topicPrefix,
      String timeZone,
      Database database,
      String connector) {

    public Source {
      timeZone = timeZone == null ? "UTC" : timeZone;
    }

    /** The zone of times that name none. */
    public ZoneId zone() {
      return ZoneId.of(timeZone);
    }
  }

  /**
   * The source database, which `lake sources` asks.
   *
   * @param url JDBC address that ends with the database's name, as {@code
   *     jdbc:mariadb://host:3306/logistics}; without a password
   * @param user whom the database knows; the user of change capture
   * @param password its password; NULL for none
   */
  public record Database(String url, String user, String password) {

    @Override
    public String toString() {
      return "Database[url=%s, user=%s, password=%s]"
          .formatted(Secrets.mask(url), user, password == null ? null : Secrets.HIDDEN);
    }
  }

  /**
   * Where streaming jobs run.
   *
   * @param restAddress {@code host:port} of the Flink cluster's REST address
   * @param checkpoints folder of all checkpoints, on any file system that the cluster reaches
   */
  public record Cluster(String restAddress, String checkpoints) {}

  /**
   * How much backfills may take, unless the command says otherwise.
   *
   * @param parallelism partitions that are written at the same time
   * @param rowsPerSecond rows written a second at most; 0 for no limit
   * @param maxRejects rejected rows of one partition at which a run stops
   * @param undoFor how long a run can be undone, as {@code 7 d}; so long the files that it replaced
   *     are kept
   */
  public record Backfill(
      Integer parallelism, Double rowsPerSecond, Integer maxRejects, String undoFor) {

    public Backfill {
      parallelism = parallelism == null ? 2 : parallelism;
      rowsPerSecond = rowsPerSecond == null ? 2_000.0 : rowsPerSecond;
      maxRejects = maxRejects == null ? 1000 : maxRejects;
      undoFor = undoFor == null ? "7 d" : undoFor;
    }
  }

  /**
   * The Hive Metastore of an offline warehouse, whose tables backfills can read.
   *
   * @param uri as {@code thrift://host:9083}, several by commas; that of the catalog when it is not
   *     configured, and NULL when the catalog has none
   */
  public record Hive(String uri) {}

  /**
   * How small tables are kept.
   *
   * @param dayTags of how many closed days each table keeps its last state; 0 for none
   * @param orphansAfter how old a file that no snapshot and no tag knows must be to be removed, as
   *     {@code 1 d}
   * @param detailsFor how long the layers ODS and DWD keep a day, as {@code 400 d}, or {@code
   *     forever}
   * @param tables what is different for single tables, by name
   */
  public record Maintain(
      Integer dayTags, String orphansAfter, String detailsFor, Map<String, MaintainTable> tables) {

    public Maintain {
      dayTags = dayTags == null ? 14 : dayTags;
      orphansAfter = orphansAfter == null ? "1 d" : orphansAfter;
      detailsFor = detailsFor == null ? "forever" : detailsFor;
      tables = tables == null ? Map.of() : new LinkedHashMap<>(tables);
    }
  }

  /**
   * How small one table is kept; what is NULL is as for all tables.
   *
   * @param dayTags of how many closed days it keeps its last state
   * @param daysFor how long it keeps a day, whatever its layer
   */
  public record MaintainTable(Integer dayTags, String daysFor) {}

  /**
   * A streaming job.
   *
   * @param pipelines names of pipelines, each a file {@code <name>.sql}
   * @param flink options of this job, over those of every job
   * @param tableOptions table options of this job's readers and writers, by table name
   */
  public record Job(
      List<String> pipelines,
      Map<String, String> flink,
      Map<String, Map<String, String>> tableOptions) {

    public Job {
      pipelines = pipelines == null ? List.of() : List.copyOf(pipelines);
      flink = flink == null ? Map.of() : new Options(flink);
      tableOptions = tableOptions == null ? Map.of() : new LinkedHashMap<>(tableOptions);
    }
  }

  /**
   * A command that the scheduler runs again and again. Texts are as written; the scheduler checks
   * them.
   *
   * @param cron when: a cron expression of five fields, in the business time zone
   * @param command what: a {@code lake} command line without its first word
   * @param retries how often a failed run is repeated; not negative
   * @param retryAfter how long a repeat waits after the failure, for example {@code 5 min}
   * @param timeout how long an attempt may take, for example {@code 6 h}
   * @param catchUp what happens with times at which no scheduler ran
   */
  public record Schedule(
      String cron,
      String command,
      Integer retries,
      String retryAfter,
      String timeout,
      CatchUp catchUp) {

    public Schedule {
      cron = cron == null ? "" : cron;
      command = command == null ? "" : command;
      retries = retries == null ? 2 : retries;
      retryAfter = retryAfter == null ? "5 min" : retryAfter;
      timeout = timeout == null ? "6 h" : timeout;
      catchUp = catchUp == null ? CatchUp.latest : catchUp;
    }
  }

  /**
   * How the tables are shown to Iceberg readers.
   *
   * @param catalog properties of the Iceberg catalog, passed on as they are; {@code type} is hive,
   *     rest or jdbc
   * @param namespace where the tables lie in that catalog; the lake's database by default
   * @param location folder of Iceberg's metadata; empty for {@code iceberg} in the warehouse
   * @param pollInterval how often each table is looked at, as {@code 1 s}
   * @param opsPollInterval the same of the lake's own records, see {@code OpsTable}
   * @param keepFor how long files that a published snapshot needed are kept after it was replaced
   * @param parallelism tables that are published at the same time
   * @param skipTags tags whose names begin so are not shown
   * @param trinoCatalog what Trino calls the catalog; clean views are written for that name
   */
  @RecordBuilder
  public record Publisher(
      Map<String, String> catalog,
      String namespace,
      String location,
      String pollInterval,
      String opsPollInterval,
      String keepFor,
      Integer parallelism,
      List<String> skipTags,
      String trinoCatalog)
      implements LakeConfigPublisherBuilder.With {

    public Publisher {
      catalog = catalog == null ? Map.of() : new Options(catalog);
      location = location == null ? "" : location;
      pollInterval = pollInterval == null ? "1 s" : pollInterval;
      opsPollInterval = opsPollInterval == null ? "10 s" : opsPollInterval;
      keepFor = keepFor == null ? "15 min" : keepFor;
      parallelism = parallelism == null ? 4 : parallelism;
      skipTags = skipTags == null ? List.of() : List.copyOf(skipTags);
      trinoCatalog = trinoCatalog == null ? "lake" : trinoCatalog;
    }
  }

  /**
   * Where queries are asked.
   *
   * @param server {@code host:port} of a Trino, or {@code https://host:port}
   * @param jdbc further properties of its JDBC driver
   */
  public record Trino(String server, Map<String, String> jdbc) {

    public Trino {
      server = server == null ? "localhost:8080" : server;
      jdbc = jdbc == null ? Map.of() : new Options(jdbc);
    }
  }

  /** Options in the order in which they are written; as a text they hide secrets. */
  private static final class Options extends LinkedHashMap<String, String> {

    private Options(Map<String, String> options) {
      super(options);
    }

    @Override
    public String toString() {
      Map<String, String> told = new LinkedHashMap<>(this);
      told.replaceAll(
          (name, value) -> Secrets.isSensitive(name) ? Secrets.HIDDEN : Secrets.mask(value));
      return told.toString();
    }
  }

  /** What happens with the times of a schedule at which no scheduler ran. */
  public enum CatchUp {
    /** The newest of them is run. */
    latest,
    /** Each of them is run, the oldest first. */
    all,
    /** None of them is run. */
    none
  }

  /** The value of the catalog's option {@code metastore} for a Hive Metastore. */
  public static final String HIVE = "hive";

  /** Parameters of their commands stand in the same braces, and are no secrets. */
  private static final String SCHEDULES = "schedules";

  private static final ObjectMapper YAML =
      JsonMapper.builder(new YAMLFactory())
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  public LakeConfig {
    catalog = catalog == null ? Map.of() : new Options(catalog);
    timeZone = timeZone == null ? "UTC" : timeZone;
    tableOptions = tableOptions == null ? Map.of() : new Options(tableOptions);
    flink = flink == null ? Map.of() : new Options(flink);
    jobs = jobs == null ? Map.of() : new LinkedHashMap<>(jobs);
    repairs = repairs == null ? List.of() : List.copyOf(repairs);
    backfill = backfill == null ? new Backfill(null, null, null, null) : backfill;
    maintain = maintain == null ? new Maintain(null, null, null, null) : maintain;
    schedules = schedules == null ? Map.of() : new LinkedHashMap<>(schedules);
    if (hive == null || hive.uri == null) {
      hive = new Hive(HIVE.equals(catalog.get("metastore")) ? catalog.get("uri") : null);
    }
    publisher =
        publisher == null
            ? new Publisher(null, null, null, null, null, null, null, null, null)
            : publisher;
    trino = trino == null ? new Trino(null, null) : trino;
  }

  /**
   * Reads the configuration, with the secrets that its values refer to (see {@link
   * SecretReferences}; relative paths begin beside the file).
   *
   * @param file a YAML file
   * @param overrides values to set over it; keys are paths with {@code /} between the names, as in
   *     {@code catalog/warehouse}
   * @throws LakeException when the file cannot be read, holds an unknown name, lacks one that has
   *     no default, or refers to a secret that cannot be read
   */
  public static LakeConfig load(Path file, Map<String, String> overrides) {
    try {
      if (!(YAML.readTree(file.toFile()) instanceof ObjectNode tree)) {
        throw invalid(file, "it holds no names and values", null);
      }
      overrides.forEach((path, value) -> set(tree, path, value));
      SecretReferences references = new SecretReferences(file.toAbsolutePath().getParent());
      resolve(file, references, "", tree);
      for (String name : List.of("catalog", "database", "open-days", "source", "cluster")) {
        if (!tree.hasNonNull(name)) {
          throw invalid(file, "'" + name + "' is missing", null);
        }
      }
      LakeConfig config = YAML.treeToValue(tree, LakeConfig.class);
      if (config.openDays < 0) {
        throw invalid(file, "'open-days' is " + config.openDays + "; it must be 0 or more", null);
      }
      requireZone(file, "time-zone", config.timeZone);
      requireZone(file, "source/time-zone", config.source.timeZone);
      return config;
    } catch (JsonMappingException e) {
      String path =
          e.getPath().stream().map(Reference::getFieldName).collect(Collectors.joining("/"));
      throw invalid(file, "at " + path + ": " + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      // Its message, and that of its cause, quote the file, in which a secret may stand.
      throw invalid(
          file,
          e.getOriginalMessage()
              .lines()
              .filter(line -> !line.startsWith("    "))
              .collect(Collectors.joining("\n")),
          null);
    } catch (IOException e) {
      throw new LakeException(
          "CONFIG_UNREADABLE",
          "Cannot read the configuration " + file + ": " + e.getMessage(),
          "Name an existing file with --config.",
          e);
    }
  }

  /** The same configuration with a catalog of its own, in a folder of this machine. */
  public LakeConfig withWarehouse(Path folder) {
    return withCatalog(Map.of("warehouse", folder.toAbsolutePath().toString()));
  }

  /** The same configuration with some of its jobs only, in its order. */
  public LakeConfig withJobsOf(Set<String> names) {
    Map<String, Job> some = new LinkedHashMap<>(jobs);
    some.keySet().retainAll(names);
    return withJobs(some);
  }

  /** The business time zone. */
  public ZoneId businessZone() {
    return ZoneId.of(timeZone);
  }

  /** The job of a name. */
  public Job job(String name) {
    Job job = jobs.get(name);
    if (job == null) {
      throw new LakeException(
          "JOB_UNKNOWN",
          "There is no job '" + name + "'; the configuration has " + jobs.keySet() + ".",
          "Use one of these names, or add the job under `jobs:` in conf/lake.yaml.");
    }
    return job;
  }

  /** The Flink options of a job: those of every job, and its own over them. */
  public Map<String, String> flinkOf(Job job) {
    Map<String, String> options = new LinkedHashMap<>(flink);
    options.putAll(job.flink());
    return options;
  }

  /** Where the tables lie in the Iceberg catalog. */
  public String publishedNamespace() {
    if (publisher.namespace() != null) {
      return publisher.namespace();
    }
    // There a database holds Paimon's tables, which have the same names.
    return HIVE.equals(catalog.get("metastore")) ? database + "_iceberg" : database;
  }

  /** The named parameters of SQL files. */
  public Map<String, String> sqlParameters() {
    return Map.of(
        "source.bootstrap-servers", source.bootstrapServers(),
        "source.topic-prefix", source.topicPrefix(),
        "source.time-zone", source.timeZone());
  }

  private static void requireZone(Path file, String name, String zone) {
    try {
      ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw invalid(
          file,
          "'%s' is '%s', which is no time zone; write one as Asia/Shanghai or UTC"
              .formatted(name, zone),
          e);
    }
  }

  /** Puts secrets in the places of their references, and learns which values are secrets. */
  private static void resolve(
      Path file, SecretReferences references, String path, ObjectNode values) {
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      String at = path.isEmpty() ? value.getKey() : path + "/" + value.getKey();
      if (value.getValue() instanceof ObjectNode inner && !at.equals(SCHEDULES)) {
        resolve(file, references, at, inner);
      } else if (value.getValue() instanceof TextNode text) {
        value.setValue(TextNode.valueOf(resolve(file, references, at, text.asText())));
        if (Secrets.isSensitive(value.getKey())) {
          Secrets.remember(value.getValue().asText());
        }
      }
    }
  }

  private static String resolve(Path file, SecretReferences references, String path, String value) {
    try {
      return references.resolve(value);
    } catch (IllegalArgumentException e) {
      throw new LakeException(
          "CONFIG_INVALID",
          "Cannot read the secret at " + path + " of " + file + ": " + e.getMessage() + ".",
          "${env:NAME} is the environment variable NAME, ${file:PATH} a file, beside lake.yaml"
              + " when the path is relative, that only its owner can read (chmod 600).",
          e);
    }
  }

  private static LakeException invalid(Path file, String reason, Exception cause) {
    return new LakeException(
        "CONFIG_INVALID",
        "Cannot understand " + file + ": " + reason,
        "Compare the file, and values given with --set, with conf/lake.yaml of the project.",
        cause);
  }

  private static void set(ObjectNode tree, String path, String value) {
    String[] names = path.split("/");
    ObjectNode node = tree;
    for (int i = 0; i < names.length - 1; i++) {
      node = node.get(names[i]) instanceof ObjectNode child ? child : node.putObject(names[i]);
    }
    node.put(names[names.length - 1], value);
  }
}
