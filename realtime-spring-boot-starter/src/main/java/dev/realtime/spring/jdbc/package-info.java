/**
 * The durable log as a part of Spring: the application's transactions and its pool.
 * Imports the core and the publisher's package.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.jdbc;

import org.jspecify.annotations.NullMarked;
