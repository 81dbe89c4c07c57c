/**
 * Reads JSON, and writes messages as JSON, without any JSON library. Imports nothing else
 * of the starter.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.json;

import org.jspecify.annotations.NullMarked;
