using CacheBackup.Fixtures;

namespace CacheBackup.EndToEnd;

/// <summary>One service for all tests of a class, without any cache.</summary>
public sealed class RunningService : IAsyncLifetime
{
    private ServiceUnderTest? _service;

    public ServiceClient Client => Service.Client;

    public ServiceUnderTest Service => _service ?? throw new InvalidOperationException("The service was not started.");

    public async ValueTask InitializeAsync() => _service = await ServiceUnderTest.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
    }
}
