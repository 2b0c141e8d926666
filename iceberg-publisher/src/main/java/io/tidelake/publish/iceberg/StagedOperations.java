/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.iceberg;

import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * A table of which changes are gathered in memory. Manifests are written, but nobody sees them
 * until {@link #current()} is given to a catalog: all changes become visible at once, or none.
 */
public final class StagedOperations implements TableOperations {

  private final FileIO files;
  private TableMetadata metadata;

  public StagedOperations(FileIO files, TableMetadata base) {
    this.files = files;
    this.metadata = base;
  }

  @Override
  public TableMetadata current() {
    return metadata;
  }

  @Override
  public TableMetadata refresh() {
    return metadata;
  }

  @Override
  public void commit(TableMetadata base, TableMetadata changed) {
    if (base != metadata) {
      throw new IllegalStateException("Two changes of " + metadata.location() + " at once");
    }
    metadata = changed;
  }

  @Override
  public FileIO io() {
    return files;
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return metadata.location() + "/metadata/" + fileName;
  }

  @Override
  public LocationProvider locationProvider() {
    return LocationProviders.locationsFor(metadata.location(), metadata.properties());
  }
}
