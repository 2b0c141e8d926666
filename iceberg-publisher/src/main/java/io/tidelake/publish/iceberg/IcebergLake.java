/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.iceberg;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.apache.paimon.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Iceberg catalog of the configuration, and the namespace in it that shows the lake. */
public final class IcebergLake implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(IcebergLake.class);

  private static final String TYPE = CatalogUtil.ICEBERG_CATALOG_TYPE;
  private static final Duration REOPEN_AT_MOST_EVERY = Duration.ofSeconds(5);
  private static final String JDBC_VIEWS = "jdbc.schema-version";

  private final Supplier<Catalog> opener;
  private final Namespace namespace;
  private final String location;
  private final FileIO files;
  private final Optional<String> hiveUri;
  private volatile Catalog catalog;
  private long openedNanos;

  private IcebergLake(
      Supplier<Catalog> opener,
      Namespace namespace,
      String location,
      FileIO files,
      Optional<String> hiveUri) {
    this.opener = opener;
    this.namespace = namespace;
    this.location = location;
    this.files = files;
    this.hiveUri = hiveUri;
  }

  /**
   * The address of the catalog, which of a Hive Metastore may stand elsewhere in the configuration.
   *
   * @return empty when the configuration has none: then nobody publishes
   */
  public static Optional<String> address(LakeConfig config) {
    Map<String, String> catalog = config.publisher().catalog();
    return Optional.ofNullable(catalog.get(CatalogProperties.URI))
        .or(
            () ->
                CatalogUtil.ICEBERG_CATALOG_TYPE_HIVE.equals(catalog.get(TYPE))
                    ? Optional.ofNullable(config.hive().uri())
                    : Optional.empty());
  }

  /**
   * Opens the catalog.
   *
   * @throws LakeException when it is not configured or cannot be reached
   */
  public static IcebergLake open(LakeConfig config) {
    Map<String, String> properties = new HashMap<>(config.publisher().catalog());
    String type = properties.get(TYPE);
    if (type == null || !List.of("hive", "rest", "jdbc").contains(type)) {
      throw new LakeException(
          ErrorCode.CONFIG_INVALID,
          "'publisher/catalog/type' is " + type + "; it must be hive, rest or jdbc.",
          "Set it in lake.yaml, or with --set publisher/catalog/type=…");
    }
    properties.put(
        CatalogProperties.URI,
        address(config)
            .orElseThrow(
                () ->
                    new LakeException(
                        ErrorCode.CONFIG_INVALID,
                        "'publisher/catalog/uri' is not set: nobody knows where the Iceberg catalog is.",
                        "Set it in lake.yaml, or with --set publisher/catalog/uri=…; or let"
                            + " `lake up` run the stack, which has one.")));
    String location = location(config);
    properties.putAll(LakeFileIO.properties(config.catalog()));
    properties.putIfAbsent(CatalogProperties.FILE_IO_IMPL, LakeFileIO.class.getName());
    if (!type.equals(CatalogUtil.ICEBERG_CATALOG_TYPE_REST)) {
      properties.putIfAbsent(CatalogProperties.WAREHOUSE_LOCATION, location);
    }
    if (type.equals(CatalogUtil.ICEBERG_CATALOG_TYPE_JDBC)) {
      properties.putIfAbsent(JDBC_VIEWS, "V1");
    }
    LakeFileIO files = new LakeFileIO();
    files.initialize(properties);
    Configuration hadoop = new Configuration(false);
    // There is one publisher; a lock would have to be kept alive for each commit.
    hadoop.setBoolean("iceberg.engine.hive.lock-enabled", false);
    Optional<String> hiveUri =
        type.equals(CatalogUtil.ICEBERG_CATALOG_TYPE_HIVE)
            ? Optional.of(properties.get(CatalogProperties.URI))
            : Optional.empty();
    Namespace namespace = Namespace.of(config.publishedNamespace());
    try {
      IcebergLake lake =
          new IcebergLake(
              () -> CatalogUtil.buildIcebergCatalog("lake", properties, hadoop),
              namespace,
              location,
              files,
              hiveUri);
      lake.catalog = lake.opener.get();
      lake.openedNanos = System.nanoTime();
      lake.createNamespace();
      return lake;
    } catch (RuntimeException e) {
      throw new LakeException(
          ErrorCode.ICEBERG_CATALOG_UNAVAILABLE,
          "Cannot open the Iceberg catalog %s %s: %s"
              .formatted(type, properties.getOrDefault("uri", ""), LakeException.rootMessage(e)),
          "Start it, or check `publisher: catalog:` in lake.yaml.",
          e);
    }
  }

  /**
   * Reconnects after a failure, at most every five seconds: not every client finds its catalog
   * again when that was away. Keeps the connection it has when there is no new one.
   */
  public synchronized void reopen() {
    if (System.nanoTime() - openedNanos < REOPEN_AT_MOST_EVERY.toNanos()) {
      return;
    }
    openedNanos = System.nanoTime();
    Catalog before = catalog;
    try {
      catalog = opener.get();
    } catch (RuntimeException e) {
      // It is still away; whoever needs it says so.
      return;
    }
    try {
      close(before);
    } catch (RuntimeException e) {
      // Nobody asks it any more, and whoever opened another one goes on with that.
      LOG.warn("The Iceberg catalog of before cannot be closed", e);
    }
  }

  private static void close(Catalog catalog) {
    if (catalog instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot close the Iceberg catalog", e);
      }
    }
  }

  /** The folder of all that the publisher writes. */
  public static String location(LakeConfig config) {
    String location = config.publisher().location();
    if (location.isEmpty()) {
      location = config.catalog().get("warehouse") + "/iceberg";
    }
    return location(new Path(location));
  }

  /** A path as Iceberg needs it, with a scheme. */
  public static String location(Path path) {
    return path.toUri().getScheme() == null || "file".equals(path.toUri().getScheme())
        ? "file://" + path.toUri().getPath()
        : path.toString();
  }

  private void createNamespace() {
    SupportsNamespaces namespaces = (SupportsNamespaces) catalog;
    if (!namespaces.namespaceExists(namespace)) {
      try {
        namespaces.createNamespace(namespace);
      } catch (AlreadyExistsException e) {
        // Somebody else was faster.
      }
    }
  }

  /** The address of the Hive Metastore; empty when the catalog is another one. */
  public Optional<String> hiveUri() {
    return hiveUri;
  }

  public FileIO files() {
    return files;
  }

  public Catalog catalog() {
    return catalog;
  }

  public Namespace namespace() {
    return namespace;
  }

  public TableIdentifier identifier(String name) {
    return TableIdentifier.of(namespace, name);
  }

  /** The folder of a table, of all its incarnations. */
  public String folder(String table) {
    return location + "/" + namespace + "/" + table;
  }

  /** A folder for a new incarnation of a table: file names never come again. */
  public String newLocation(String table) {
    return folder(table) + "/" + UUID.randomUUID();
  }

  /** The names of all tables in the namespace. */
  public Set<String> tableNames() {
    Set<String> names = new HashSet<>();
    catalog.listTables(namespace).forEach(table -> names.add(table.name()));
    return names;
  }

  /**
   * A table; empty when the catalog has none.
   *
   * @throws DamagedMetadataException when its metadata cannot be read, though the catalog answers
   */
  public Optional<TableOperations> load(String name) {
    try {
      return Optional.of(((BaseTable) catalog.loadTable(identifier(name))).operations());
    } catch (NoSuchTableException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      throw isDamage(e) ? new DamagedMetadataException(e) : e;
    }
  }

  /** Iceberg's metadata of a table is missing, truncated or not understood. */
  public static final class DamagedMetadataException extends RuntimeException {
    DamagedMetadataException(RuntimeException cause) {
      super(cause);
    }
  }

  /** Whether files are damaged, rather than the catalog or the network away. */
  public static boolean isDamage(Throwable error) {
    boolean storage = false;
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException
          || cause instanceof SocketException
          || cause.getClass().getName().startsWith("org.apache.thrift")
          || cause instanceof org.apache.iceberg.exceptions.RESTException) {
        return false;
      }
      storage |=
          cause instanceof IOException
              || cause instanceof org.apache.iceberg.exceptions.NotFoundException
              || cause instanceof org.apache.iceberg.exceptions.ValidationException
              || cause instanceof org.apache.avro.AvroRuntimeException
              || cause instanceof IllegalArgumentException
              || cause instanceof NullPointerException;
    }
    return storage;
  }

  /**
   * Shows a table with all that it holds, instead of the one of that name.
   *
   * @return the table as the catalog has it
   */
  public TableOperations create(String name, TableMetadata metadata) {
    drop(name);
    String file =
        metadata.location()
            + "/metadata/00000-"
            + UUID.randomUUID()
            + TableMetadataParser.getFileExtension(TableMetadataParser.Codec.NONE);
    TableMetadataParser.write(metadata, files.newOutputFile(file));
    catalog.registerTable(identifier(name), file);
    return load(name).orElseThrow();
  }

  /** Takes a table out of the catalog. Files stay. */
  public void drop(String name) {
    if (!catalog.dropTable(identifier(name), false) && catalog.tableExists(identifier(name))) {
      throw new IllegalStateException(
          "The catalog " + catalog.name() + " did not drop " + Objects.toString(identifier(name)));
    }
  }

  @Override
  public void close() {
    close(catalog);
  }
}
