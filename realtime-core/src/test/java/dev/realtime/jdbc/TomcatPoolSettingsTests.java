package dev.realtime.jdbc;

import javax.sql.DataSource;

import org.apache.tomcat.jdbc.pool.PoolProperties;

class TomcatPoolSettingsTests extends PoolSettingsContract {

	@Override
	protected DataSource pool(DataSource driver) {
		PoolProperties properties = new PoolProperties();
		properties.setDataSource(driver);
		properties.setInitialSize(1);
		properties.setMaxActive(1);
		properties.setMinIdle(1);
		properties.setMaxIdle(1);
		return new org.apache.tomcat.jdbc.pool.DataSource(properties);
	}

	@Override
	protected void close(DataSource pool) {
		((org.apache.tomcat.jdbc.pool.DataSource) pool).close();
	}

}
