/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.catalog;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.model.TableDefinition;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.paimon.Snapshot;
import org.apache.paimon.catalog.AbstractCatalog;
import org.apache.paimon.catalog.Catalog;
import org.apache.paimon.catalog.CatalogFactory;
import org.apache.paimon.catalog.DelegateCatalog;
import org.apache.paimon.catalog.Identifier;
import org.apache.paimon.fs.Path;
import org.apache.paimon.schema.SchemaChange;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.utils.SnapshotManager;

/**
 * The lake's database in Paimon's catalog: finding its tables and snapshots, and single changes of
 * its tables.
 */
public final class LakeCatalog implements AutoCloseable {

  private final Catalog catalog;
  private final String database;
  private final HiveRegistration registration;

  private LakeCatalog(Catalog catalog, String database) {
    this.catalog = catalog;
    this.database = database;
    this.registration = new HiveRegistration(catalog);
  }

  /**
   * Opens the catalog and creates the database when it is missing.
   *
   * @throws LakeException when the catalog cannot be reached, or loses commits; see {@link
   *     CommitSafety}
   */
  public static LakeCatalog open(LakeConfig config) {
    CommitSafety.require(config.catalog());
    HiveRegistration.validateReachable(config.catalog());
    try {
      Catalog catalog =
          CatalogFactory.createCatalog(
              CatalogContexts.of(config.catalog()), LakeCatalog.class.getClassLoader());
      catalog.createDatabase(config.database(), true);
      return new LakeCatalog(catalog, config.database());
    } catch (Exception e) {
      throw CatalogContexts.unavailable(config, e);
    }
  }

  /** Names of all tables in the database, sorted. */
  public List<String> tableNames() {
    try {
      return catalog.listTables(database).stream().sorted().toList();
    } catch (Catalog.DatabaseNotExistException e) {
      return List.of();
    }
  }

  /**
   * The definition of a table; empty when there is no such table.
   *
   * @throws LakeException when its folder is damaged
   */
  public Optional<TableDefinition> find(String name) {
    return findTable(name).map(PaimonSchemas::definition);
  }

  /**
   * The definition of a table.
   *
   * @throws LakeException when there is no such table
   */
  public TableDefinition definition(String name) {
    return PaimonSchemas.definition(table(name));
  }

  /**
   * Paimon's table; empty when there is no such table.
   *
   * @throws LakeException when its folder is damaged
   */
  public Optional<FileStoreTable> findTable(String name) {
    try {
      return Optional.of((FileStoreTable) catalog.getTable(identifier(name)));
    } catch (Catalog.TableNotExistException e) {
      validateSchemaExists(name);
      return Optional.empty();
    } catch (RuntimeException e) {
      throw unreadable(name, e);
    }
  }

  /** A new table in a folder with snapshots would take the old files for its own. */
  private void validateSchemaExists(String name) {
    if (!(DelegateCatalog.rootCatalog(catalog) instanceof AbstractCatalog files)) {
      return;
    }
    Path folder = files.getTableLocation(identifier(name));
    try {
      if (files.fileIO().exists(new Path(folder, "snapshot")) && findInWarehouse(name).isEmpty()) {
        throw unreadable(name, new IOException(folder + " holds snapshots but no schema"));
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /**
   * A table whose folder lies in the warehouse of a Hive Metastore, which need not know it. Such a
   * table can be looked at, and is written only after {@link #register}.
   *
   * @return empty when there is no such folder, and in a catalog of another kind
   */
  public Optional<FileStoreTable> findInWarehouse(String name) {
    return registration.findInWarehouse(identifier(name));
  }

  /**
   * Whether a Hive Metastore shows the columns that a table has; true in a catalog of another kind.
   *
   * @param table what {@link #findTable} found
   * @throws LakeException when the metastore does not show the table
   */
  public boolean hiveColumnsMatch(FileStoreTable table) {
    try {
      return registration.columnsMatch(identifier(table.name()), table);
    } catch (Catalog.TableNotExistException | Catalog.TableNoPermissionException e) {
      throw unreadable(table.name(), e);
    }
  }

  /**
   * The error of a table whose files cannot be read: {@code TABLE_UNREADABLE}.
   *
   * @param cause why
   */
  public static LakeException unreadable(String name, Exception cause) {
    return new LakeException(
        ErrorCode.TABLE_UNREADABLE,
        "The table " + name + " cannot be read: " + LakeException.rootMessage(cause),
        "Its folder is damaged: restore it, or drop it and rebuild the table.",
        cause);
  }

  /**
   * Paimon's table.
   *
   * @throws LakeException when there is no such table
   */
  public FileStoreTable table(String name) {
    return findTable(name).orElseThrow(() -> unknown(name));
  }

  private LakeException unknown(String name) {
    return new LakeException(
        ErrorCode.TABLE_UNKNOWN,
        "There is no table " + name + " in database " + database + ".",
        "`lake tables show` lists the tables, `lake tables apply` creates those of the files.");
  }

  /** Id of the newest snapshot of a table; 0 while it has none. */
  public long latestSnapshotId(String name) {
    FileStoreTable table = table(name);
    try {
      return table.latestSnapshot().map(Snapshot::id).orElse(0L);
    } catch (RuntimeException e) {
      throw unreadable(name, e);
    }
  }

  /**
   * The newest commit of a user.
   *
   * @param userPrefix what the commit user begins with
   * @param after id of the snapshot behind which is looked, as far as snapshots have not expired
   * @return empty when there is none
   */
  public Optional<Snapshot> findCommit(String name, String userPrefix, long after) {
    SnapshotManager snapshots = table(name).snapshotManager();
    Long earliest = snapshots.earliestSnapshotId();
    Long latest = snapshots.latestSnapshotId();
    if (earliest == null || latest == null) {
      return Optional.empty();
    }
    for (long id = latest; id >= earliest && id > after; id--) {
      Snapshot snapshot = snapshots.snapshot(id);
      if (snapshot.commitUser().startsWith(userPrefix)) {
        return Optional.of(snapshot);
      }
    }
    return Optional.empty();
  }

  /** Creates a table, empty. */
  public void create(TableDefinition definition)
      throws Catalog.TableAlreadyExistException, Catalog.DatabaseNotExistException {
    catalog.createTable(identifier(definition.name()), PaimonSchemas.schema(definition), false);
  }

  /** Has a Hive Metastore show a table as its folder in the warehouse says it is. */
  public void register(String name) throws Catalog.TableNotExistException {
    catalog.repairTable(identifier(name));
  }

  /**
   * Changes the schema of a table; its rows are kept.
   *
   * @param changes are done together or not at all
   */
  public void alter(String name, List<SchemaChange> changes)
      throws Catalog.TableNotExistException,
          Catalog.ColumnAlreadyExistException,
          Catalog.ColumnNotExistException {
    catalog.alterTable(identifier(name), changes, false);
  }

  @Override
  public void close() {
    try {
      catalog.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot close the catalog of " + database, e);
    }
  }

  private Identifier identifier(String name) {
    return Identifier.create(database, name);
  }
}
