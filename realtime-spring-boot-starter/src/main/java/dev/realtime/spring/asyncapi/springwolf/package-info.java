/**
 * Adds what clients may subscribe to and send to Springwolf's document. Imports the
 * starter's properties and {@code .asyncapi}, and is the only package that knows
 * Springwolf, which applications add.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.asyncapi.springwolf;

import org.jspecify.annotations.NullMarked;
