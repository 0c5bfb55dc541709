using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>interpreter/interpret.py in a process of its own, asked line by line; started once for a class of tests.</summary>
public sealed class IndependentInterpreter : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly SemaphoreSlim _asking = new(1, 1);
    private Process? _process;

    public bool IsInstalled { get; private set; }

    public async ValueTask InitializeAsync()
    {
        using Process? probe = TryStart("-c", "import moto");
        if (probe is null)
        {
            return;
        }

        await probe.WaitForExitAsync();
        if (probe.ExitCode == 0)
        {
            IsInstalled = true;
            _process = TryStart(MachineCase.ScriptPath);
        }
    }

    /// <summary>Skips the test where the interpreter is not installed; fails it where nothing may be skipped.</summary>
    public void Require()
    {
        if (IsInstalled)
        {
            return;
        }

        const string Missing = "python3 with moto is not installed: pip install \"moto[stepfunctions]\"";
        if (Environment.GetEnvironmentVariable("CI") is "1" or "true")
        {
            Assert.Fail($"{Missing}, and in CI nothing is skipped.");
        }

        Assert.Skip(Missing);
    }

    public async Task<JsonElement> AskAsync(object request)
    {
        await _asking.WaitAsync();
        try
        {
            await _process!.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request));
            await _process.StandardInput.FlushAsync();
            string? answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            return JsonElement.Parse(answer ?? throw new InvalidOperationException("The interpreter ended without an answer."));
        }
        finally
        {
            _asking.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            try
            {
                await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
            }
            catch (TimeoutException)
            {
                _process.Kill();
            }

            _process.Dispose();
        }

        _asking.Dispose();
    }

    private static Process? TryStart(params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        try
        {
            Process? process = Process.Start(start);
            process?.BeginErrorReadLine();
            return process;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
