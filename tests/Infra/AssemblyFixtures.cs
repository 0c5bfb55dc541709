using CacheBackup.Infra.Tests.Recording;

[assembly: AssemblyFixture(typeof(RecordedLife))]
