/**
 * Spring Modulith's externalized events as messages. Imports {@code .publisher}, and is
 * the only package that knows Modulith, which applications add.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.modulith;

import org.jspecify.annotations.NullMarked;
