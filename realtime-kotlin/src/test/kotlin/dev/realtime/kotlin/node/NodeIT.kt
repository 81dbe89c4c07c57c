package dev.realtime.kotlin.node

import dev.realtime.IllegalTopicException
import dev.realtime.Position
import dev.realtime.Publication
import dev.realtime.RealtimePublisher
import dev.realtime.Signal
import dev.realtime.Topic
import dev.realtime.broker.Broker
import dev.realtime.kotlin.blockAndAwait
import dev.realtime.kotlin.connectedUsersAndAwait
import dev.realtime.kotlin.countAndAwait
import dev.realtime.kotlin.disconnectSessionAndAwait
import dev.realtime.kotlin.disconnectUserAndAwait
import dev.realtime.kotlin.findAndAwait
import dev.realtime.kotlin.headsAndAwait
import dev.realtime.kotlin.membersAndAwait
import dev.realtime.kotlin.node.Shop.Step
import dev.realtime.kotlin.peekAndAwait
import dev.realtime.kotlin.presentAndAwait
import dev.realtime.kotlin.publishAndAwait
import dev.realtime.kotlin.readAndAwait
import dev.realtime.kotlin.readBeforeAndAwait
import dev.realtime.kotlin.recheckAllAndAwait
import dev.realtime.kotlin.recheckTopicsAndAwait
import dev.realtime.kotlin.recheckUserAndAwait
import dev.realtime.kotlin.revokeTokenAndAwait
import dev.realtime.kotlin.revokeTokensAndAwait
import dev.realtime.kotlin.sendAndAwait
import dev.realtime.kotlin.test.payload
import dev.realtime.kotlin.test.receive
import dev.realtime.kotlin.unblockAndAwait
import dev.realtime.kotlin.unsubscribeAndAwait
import dev.realtime.log.LogPage
import dev.realtime.presence.Presence
import dev.realtime.spring.publisher.RealtimeSignals
import dev.realtime.spring.sessions.RealtimeSessions
import dev.realtime.spring.sessions.SessionQuery
import dev.realtime.test.PublishedMessages
import dev.realtime.test.RealtimeTest
import dev.realtime.test.RealtimeTestClient
import java.time.Duration
import java.time.Instant
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatExceptionOfType
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired

/** The functions that suspend, with a real node and clients. */
@RealtimeTest(classes = [Shop::class])
class NodeIT(
	@Autowired private val publisher: RealtimePublisher,
	@Autowired private val signals: RealtimeSignals,
	@Autowired private val presence: Presence,
	@Autowired private val broker: Broker,
	@Autowired private val sessions: RealtimeSessions,
) {

	@Test
	fun aMessageIsStoredWhenTheReceiptIsThere(client: RealtimeTestClient, published: PublishedMessages) = runBlocking<Unit> {
		val order = client.subscribe("order.1")
		val receipt = publisher.publishAndAwait("order.1", Step("packed", 3))
		val message = order.receive()
		assertThat(message.payload<Step>()).isEqualTo(Step("packed", 3))
		assertThat(message.position()).isEqualTo(receipt.position())
		assertThat(published.all().single().payload<Step>()).isEqualTo(Step("packed", 3))
	}

	@Test
	fun optionsAreThoseOfThePublication(client: RealtimeTestClient) = runBlocking<Unit> {
		val topic = Topic.of("order.2")
		val order = client.subscribe(topic.name())
		val publication = Publication.to(topic).type("step").id("s-1").build()
		assertThat(publisher.publishAndAwait(publication).duplicate()).isFalse()
		assertThat(publisher.publishAndAwait(publication).duplicate()).isTrue()
		assertThat(order.receive().type()).isEqualTo("step")
	}

	@Test
	fun whatBreaksALimitIsThrown() {
		assertThatExceptionOfType(IllegalTopicException::class.java)
			.isThrownBy { runBlocking { publisher.publishAndAwait("_fleet.pipes", "text") } }
	}

	@Test
	fun signalsReachSubscribers(client: RealtimeTestClient) = runBlocking<Unit> {
		val documents = (1..4).map { client.subscribe("doc.$it") }
		signals.sendAndAwait("doc.1", "cursor", mapOf("x" to 1))
		signals.sendAndAwait("doc.2", "opened")
		signals.sendAndAwait("doc.3", "renamed", "ann", null)
		signals.sendAndAwait(Signal(Topic.of("doc.4"), "closed", null, null, null))
		assertThat(documents.map { it.awaitSignal()["type"] }).containsExactly("cursor", "opened", "renamed", "closed")
		assertThat(documents[2].awaitSignal()).containsEntry("user", "ann")
	}

	@Test
	fun presenceAnswers(client: RealtimeTestClient) {
		val room = Topic.of("room.4")
		client.asUser("ann").subscribe(room.name())
		await().untilAsserted {
			runBlocking { assertThat(presence.membersAndAwait(room, 10)).containsExactly(Presence.Member("ann", 1)) }
		}
		runBlocking {
			assertThat(presence.countAndAwait(room)).isEqualTo(1)
			assertThat(presence.presentAndAwait(room, listOf("ann", "bob"))).containsExactly("ann")
		}
	}

	@Test
	fun theLogAnswers() = runBlocking<Unit> {
		val topic = Topic.of("order.5")
		val log = broker.log()
		val first = publisher.publishAndAwait(topic.name(), "packed").position()
		val second = publisher.publishAndAwait(topic.name(), "shipped").position()
		assertThat(log.headsAndAwait(listOf(topic))).containsExactly(second)
		assertThat(log.peekAndAwait(listOf(topic))).containsExactly(second)
		assertThat(texts(log.readAndAwait(topic, first, 10))).containsExactly("shipped")
		assertThat(texts(log.readBeforeAndAwait(topic, null, 10))).containsExactly("packed", "shipped")
		assertThat(log.readAndAwait(topic, Position("other", 1), 10)).isInstanceOf(LogPage.Lost::class.java)
	}

	@Test
	fun sessionsAreFoundAndEnded(client: RealtimeTestClient) = runBlocking<Unit> {
		val ann = client.asUser("ann").connect()
		assertThat(sessions.connectedUsersAndAwait(setOf("ann", "bob"))).containsExactly("ann")
		val found = sessions.findAndAwait(SessionQuery.all().withUser("ann")).sessions().single()
		sessions.disconnectSessionAndAwait(found.id(), "enough")
		assertThat(ann.awaitClosed().reason()).isEqualTo("enough")

		val bob = client.asUser("bob").connect()
		sessions.disconnectUserAndAwait("bob", "bye")
		assertThat(bob.awaitClosed().reason()).isEqualTo("bye")
	}

	@Test
	fun rightsAreTakenAway(client: RealtimeTestClient) = runBlocking<Unit> {
		val order = client.asUser("cid").subscribe("order.6")
		sessions.recheckUserAndAwait("cid")
		sessions.recheckTopicsAndAwait("order.*")
		sessions.recheckAllAndAwait()
		sessions.unsubscribeAndAwait("cid", "order.*")
		assertThat(order.awaitEnd()).isEqualTo("revoked")
		sessions.revokeTokenAndAwait("token-1")
		sessions.revokeTokensAndAwait("dee", Instant.now())
		sessions.blockAndAwait("dee", Duration.ofMinutes(1))
		assertThat(sessions.unblockAndAwait("dee")).isTrue()
		assertThat(sessions.unblockAndAwait("dee")).isFalse()
	}

	private fun texts(page: LogPage) = (page as LogPage.Found).messages().map { it.content().text() }
}
