/**
 * Writes JSON without any JSON library, for what goes over HTTP. Imports nothing else of
 * the starter.
 */
@NullMarked
package dev.realtime.spring.json;

import org.jspecify.annotations.NullMarked;
