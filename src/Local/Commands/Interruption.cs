using System.Runtime.InteropServices;

namespace CacheBackup.Local.Commands;

/// <summary>
/// Ctrl-C and SIGTERM: the first one asks the command to end cleanly; after a second one the system ends the process as usual.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Interrupt(context, ExitStatus.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Interrupt(context, ExitStatus.Terminated)),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>What the process ends with if the command was cancelled.</summary>
    public int Status { get; private set; } = ExitStatus.Interrupted;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Interrupt(PosixSignalContext context, int status)
    {
        if (_source.IsCancellationRequested)
        {
            return;
        }

        context.Cancel = true;
        Status = status;
        _source.Cancel();
    }
}
