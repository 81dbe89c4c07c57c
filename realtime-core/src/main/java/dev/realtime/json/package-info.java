/**
 * Writes JSON without any JSON library. Imports nothing of ours.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.json;

import org.jspecify.annotations.NullMarked;
