/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.changelog;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Where a source is in its topic, as a checkpoint keeps it.
 *
 * @param kafka the state of Kafka's source
 * @param topicId Kafka's id of the topic, which another topic of that name does not have; empty in
 *     checkpoints that are older than this
 */
record TopicPlace(KafkaSourceEnumState kafka, String topicId) {

  /** Writes the id before the state of Kafka's source; reads that alone, too. */
  record Serializer(SimpleVersionedSerializer<KafkaSourceEnumState> kafka)
      implements SimpleVersionedSerializer<TopicPlace> {

    /** Above all versions of Kafka's source. */
    private static final int WITH_ID = 1 << 16;

    @Override
    public int getVersion() {
      return WITH_ID + kafka.getVersion();
    }

    @Override
    public byte[] serialize(TopicPlace place) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeUTF(place.topicId());
      out.write(kafka.serialize(place.kafka()));
      return bytes.toByteArray();
    }

    @Override
    public TopicPlace deserialize(int version, byte[] serialized) throws IOException {
      if (version < WITH_ID) {
        return new TopicPlace(kafka.deserialize(version, serialized), "");
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
      String topicId = in.readUTF();
      return new TopicPlace(kafka.deserialize(version - WITH_ID, in.readAllBytes()), topicId);
    }
  }
}
