/** Tests of the user registry of the fleet. */
@NullMarked
package dev.realtime.spring.users;

import org.jspecify.annotations.NullMarked;
