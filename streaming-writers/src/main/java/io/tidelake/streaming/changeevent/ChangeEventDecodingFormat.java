package io.tidelake.streaming.changeevent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.utils.DataTypeUtils;

/** Plans the reading of change events: which columns and which metadata a query wants. */
final class ChangeEventDecodingFormat implements DecodingFormat<DeserializationSchema<RowData>> {

  private final Set<String> requiredColumns;
  private List<ChangeEventMetadata> metadata = List.of();

  ChangeEventDecodingFormat(Set<String> requiredColumns) {
    this.requiredColumns = requiredColumns;
  }

  @Override
  public DeserializationSchema<RowData> createRuntimeDecoder(
      DynamicTableSource.Context context, DataType physicalDataType) {
    DataType producedDataType =
        DataTypeUtils.appendRowFields(
            physicalDataType,
            metadata.stream().map(m -> DataTypes.FIELD(m.key(), DataTypes.STRING())).toList());
    return new ChangeEventDeserializationSchema(
        (RowType) physicalDataType.getLogicalType(),
        metadata,
        requiredColumns,
        context.createTypeInformation(producedDataType));
  }

  @Override
  public Map<String, DataType> listReadableMetadata() {
    Map<String, DataType> readable = new LinkedHashMap<>();
    for (ChangeEventMetadata key : ChangeEventMetadata.values()) {
      readable.put(key.key(), DataTypes.STRING());
    }
    return readable;
  }

  @Override
  public void applyReadableMetadata(List<String> metadataKeys) {
    metadata = metadataKeys.stream().map(ChangeEventMetadata::of).toList();
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }
}
