package dev.realtime.kotlin.beans

import dev.realtime.kotlin.test.payload
import dev.realtime.test.PublishedMessages
import dev.realtime.test.RealtimeTest
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatIllegalArgumentException
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.context.ApplicationEventPublisher

/** The annotations on interfaces, beans and events in Kotlin. */
@RealtimeTest(classes = [Chat::class])
class BeansIT(
	@Autowired private val rooms: Rooms,
	@Autowired private val orders: Orders,
	@Autowired private val events: ApplicationEventPublisher,
) {

	private val hello = Message("hello")

	@Autowired
	private lateinit var notices: Notices

	@Test
	fun functionsThatWait(published: PublishedMessages) {
		rooms.posted("1", hello)
		val receipt = rooms.stored("1", Message("bye", "ann"))
		assertThat(published.on("room.1").map { it.payload<Message>() }).containsExactly(hello, Message("bye", "ann"))
		assertThat(published.on("room.1").last().position()).isEqualTo(receipt.position())
		assertThat(rooms.later("1", hello).join().position().seq()).isEqualTo(3)
	}

	@Test
	fun functionsThatSuspend(published: PublishedMessages) = runBlocking<Unit> {
		rooms.suspending("2", hello)
		val receipt = rooms.suspendingUntilStored("2", hello)
		assertThat(published.on("room.2").map { it.position() }).hasSize(2).endsWith(receipt.position())
	}

	@Test
	fun functionsThatSuspendFailAsOthers() {
		for (context in listOf(Dispatchers.Default, Dispatchers.Unconfined)) {
			assertThatIllegalArgumentException().isThrownBy { runBlocking(context) { rooms.suspending("a.b", hello) } }
				.withMessageContaining("{roomId}")
		}
	}

	@Test
	fun defaultArgumentsAndBodies(published: PublishedMessages) = runBlocking<Unit> {
		rooms.withDefault(hello)
		rooms.suspendingWithDefault(hello)
		rooms.everywhere(hello)
		rooms.suspendingEverywhere(hello)
		assertThat(published.map { it.topic().name() })
			.containsExactly("room.lobby", "room.lobby", "room.a", "room.b", "room.a", "room.b")
	}

	@Test
	fun valueClassesAreWhatTheyWrap(published: PublishedMessages) {
		rooms.ofValueClasses(RoomId("3"), OrderNumber(42), hello)
		rooms.ofNullableValueClass(OrderNumber(43), hello)
		rooms.valueClassAsPayload("4", RoomId("text"))
		rooms.ordered(Order(RoomId("5"), OrderNumber(42), "ann"))
		assertThat(published.map { it.topic().name() }).containsExactly("room.3.42", "room.43", "room.4", "order.5.42")
		assertThat(published.on("room.4").texts()).containsExactly("text")
		assertThat(published.on("order.5.42").single().sender()).isEqualTo("ann")
		assertThat(published.on("order.5.42").texts().single()).contains("\"id\":\"5\"", "\"number\":42")
	}

	@Test
	fun aPayloadIsNotNull() {
		assertThatIllegalArgumentException().isThrownBy { rooms.nullable("6", null) }
			.withMessage("The payload of Rooms.nullable is null")
	}

	@Test
	fun whatIsInternalIsPublishedToo(published: PublishedMessages) {
		notices.told("all", "hello")
		orders.inTheModule("7")
		assertThat(published.map { it.topic().name() }).containsExactly("notice.all", "order.7")
	}

	@Test
	fun resultsOfBeans(published: PublishedMessages) {
		orders.place(RoomId("8"), "ann")
		orders.place(RoomId("8"))
		assertThat(published.on("order.8").map { it.sender() }).containsExactly("ann", null)
		assertThat(orders.find("none")).isNull()
		assertThat(orders.find("9")).isNotNull()
		orders.later("9").join()
		assertThat(published.on("order.9")).hasSize(2)
	}

	@Test
	fun events(published: PublishedMessages) {
		events.publishEvent(OrderPlaced(RoomId("10"), OrderNumber(42), null))
		events.publishEvent(OrderCoded("11"))
		events.publishEvent(Step.Packed("12", 3))
		events.publishEvent(Step.Closed)
		assertThat(published.map { it.topic().name() })
			.containsExactly("placed.10.42", "coded.11", "step.12", "step.all")
		assertThat(published.on("step.12").single().payload<Step.Packed>()).isEqualTo(Step.Packed("12", 3))
	}
}
