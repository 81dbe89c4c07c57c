package dev.realtime.kotlin.node

import dev.realtime.RealtimePublisher
import dev.realtime.kotlin.markReadAndAwait
import dev.realtime.kotlin.publishAndAwait
import dev.realtime.kotlin.unreadAndAwait
import dev.realtime.spring.unread.UserUnread
import dev.realtime.test.PublishedMessages
import dev.realtime.test.RealtimeTest
import java.security.Principal
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.transaction.support.TransactionTemplate

/** A node whose log is in a database. */
@RealtimeTest(
	classes = [Shop::class],
	properties = ["realtime.log=jdbc", "spring.datasource.url=jdbc:h2:mem:kotlin;DB_CLOSE_DELAY=-1"],
)
class DatabaseIT(
	@Autowired private val publisher: RealtimePublisher,
	@Autowired private val unread: UserUnread,
	@Autowired private val transactions: TransactionTemplate,
) {

	@Test
	fun readPositionsMove() = runBlocking<Unit> {
		val ann = Principal { "ann" }
		val first = publisher.publishAndAwait("order.1", "packed").position()
		publisher.publishAndAwait("order.1", "shipped")
		assertThat(unread.unreadAndAwait(ann, listOf("order.1")).single().unread()).isEqualTo(2)
		assertThat(unread.markReadAndAwait(ann, "order.1", first.epoch(), first.seq()).unread()).isEqualTo(1)
		assertThat(unread.markReadAndAwait(ann, "order.1").unread()).isZero()
	}

	@Test
	fun aMessageIsAPartOfTheTransactionOfTheCallingThread(published: PublishedMessages) {
		transactions.executeWithoutResult { transaction ->
			runBlocking { publisher.publishAndAwait("order.2", "packed") }
			transaction.setRollbackOnly()
		}
		assertThat(published.all()).isEmpty()
		transactions.executeWithoutResult { runBlocking { publisher.publishAndAwait("order.2", "packed") } }
		assertThat(published.texts()).containsExactly("packed")
	}
}
