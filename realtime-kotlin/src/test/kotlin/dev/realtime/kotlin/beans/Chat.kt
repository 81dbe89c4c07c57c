package dev.realtime.kotlin.beans

import org.springframework.boot.autoconfigure.SpringBootApplication

/** An application as Kotlin teams write it. */
@SpringBootApplication
open class Chat

/** A payload with a nullable property and a default. */
data class Message(val text: String, val author: String? = null)

/** A value class of an object. */
@JvmInline
value class RoomId(val value: String)

/** A value class of a primitive. */
@JvmInline
value class OrderNumber(val value: Long)

/** Something whose properties fill topics. */
data class Order(val id: RoomId, val number: OrderNumber, val customer: String? = null)
