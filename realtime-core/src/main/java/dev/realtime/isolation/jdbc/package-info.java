/**
 * What nodes say about the relay in the application's database. Imports the root package,
 * isolation and jdbc.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.isolation.jdbc;

import org.jspecify.annotations.NullMarked;
