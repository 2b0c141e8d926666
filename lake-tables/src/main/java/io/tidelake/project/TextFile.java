/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.project;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the text files of a project, which are UTF-8. */
public final class TextFile {

  private static final String MARK = "\uFEFF";

  private TextFile() {}

  /**
   * The text of a file, without the mark that some editors put before it.
   *
   * @throws IOException when it cannot be read
   * @throws LakeException when it is in another encoding, with the first line that tells
   */
  public static String read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    // It reports what is no UTF-8, and stops there.
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(bytes, text, true);
    text.flip();
    String read = text.toString();
    if (result.isError()) {
      throw new LakeException(
          ErrorCode.FILE_NOT_UTF8,
          "%s, line %d, is not UTF-8."
              .formatted(file, 1 + read.chars().filter(letter -> letter == '\n').count()),
          "Save it in UTF-8: iconv -f ENCODING -t UTF-8.");
    }
    return read.startsWith(MARK) ? read.substring(MARK.length()) : read;
  }
}
