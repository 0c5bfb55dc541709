using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace CacheBackup.Fuzz.Guidance;

/// <summary>Makes a copy of an assembly whose chosen types call <see cref="Branches.Enter"/> at the start of every basic block.</summary>
internal static class Instrumenter
{
    /// <param name="assemblyPath">What is to be copied.</param>
    /// <param name="isChosen">By a type's full name, whether its methods are to be counted.</param>
    /// <returns>The copy, and the number of its blocks.</returns>
    public static (MemoryStream Assembly, int Blocks) Instrument(string assemblyPath, Func<string, bool> isChosen)
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(assemblyPath));
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        using var module = ModuleDefinition.ReadModule(assemblyPath, new ReaderParameters { AssemblyResolver = resolver });
        var enter = module.ImportReference(typeof(Branches).GetMethod(nameof(Branches.Enter)));
        int blocks = 0;
        foreach (var method in module.GetTypes().Where(t => isChosen(t.FullName)).SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            blocks = Instrument(method.Body, enter, blocks);
        }

        var copy = new MemoryStream();
        module.Write(copy);
        copy.Position = 0;
        return (copy, blocks);
    }

    private static int Instrument(MethodBody body, MethodReference enter, int blocks)
    {
        body.SimplifyMacros();
        var leaders = Leaders(body);
        var processor = body.GetILProcessor();
        foreach (var leader in leaders)
        {
            // The leader itself becomes the call, so that every branch to it meets the call first; what it was comes after.
            var original = Instruction.Create(OpCodes.Nop);
            original.OpCode = leader.OpCode;
            original.Operand = leader.Operand;
            leader.OpCode = OpCodes.Ldc_I4;
            leader.Operand = Scatter(++blocks);
            var call = Instruction.Create(OpCodes.Call, enter);
            processor.InsertAfter(leader, call);
            processor.InsertAfter(call, original);
        }

        body.OptimizeMacros();
        return blocks;
    }

    private static List<Instruction> Leaders(MethodBody body)
    {
        var leaders = new HashSet<Instruction> { body.Instructions[0] };
        foreach (var instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
            {
                leaders.Add(target);
            }
            else if (instruction.Operand is Instruction[] targets)
            {
                leaders.UnionWith(targets);
            }

            if (instruction.OpCode.FlowControl == FlowControl.Cond_Branch && instruction.Next is { } next)
            {
                leaders.Add(next);
            }
        }

        leaders.UnionWith(body.ExceptionHandlers.Select(h => h.HandlerStart));
        return [.. body.Instructions.Where(leaders.Contains)];
    }

    /// <summary>Numbers far from each other, so that few pairs meet in one place of the map.</summary>
    private static int Scatter(int block) => (int)((uint)block * 2_654_435_761u >> 16);
}
